-- A group that was left out beside others holds people all the same, where the others do not add up to the total: who is
-- not sent is not seen.
-- needs breakdown where part_count < code_count
with

sums as (
    select
        *,
        if(counts_denominator, 'DENOMINATOR', 'NUMERATOR') as column_name,
        if(counts_denominator, denominator, numerator) as counted,
        if(counts_denominator, denominator_count, numerator_count) as counted_parts,
        coalesce(if(counts_denominator, unknown_denominator, unknown_numerator), 0)
        + if(counts_denominator, denominator_sum, numerator_sum) as part_sum
    from breakdown
    -- A wrong code hides its group; a breakdown that nobody asks for may be as it is.
    where (block_id, dimension) in (
        select (block.block_id, asked.dimension_code)
        from block
        inner join catalogue.indicator_disaggregations as asked on block.indicator = asked.indicator_code
        where block.indicator not in (from unclear)
    )
),

short as (
    select *
    from sums
    -- Of several sets of age classes one that is whole is enough, and of those that are not the fullest is meant.
    qualify
        bool_and(part_count < code_count and part_sum < counted - 1e-6)
            over (partition by block_id, total_stratum_id, dimension)
        and row_number() over (
            partition by block_id, total_stratum_id, dimension
            order by part_count desc, partition_id asc
        ) = 1
)

select
    source_row,
    column_name,
    say('the parts by {dimension} add up to {sum}, without {codes}') as expected,
    {
        'dimension': dimension,
        'sum': round(part_sum, 6),
        'codes': (
            select string_agg(breakdown_code.code, ', ' order by breakdown_code.code)
            from breakdown_code
            where
                breakdown_code.dimension = short.dimension
                and breakdown_code.partition_id = short.partition_id
                and breakdown_code.code not in (
                    select part.code
                    from part
                    where part.block_id = short.block_id and part.total_stratum_id = short.total_stratum_id
                )
        )
    } as given
from short
where counted_parts = part_count
