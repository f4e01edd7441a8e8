-- A group that was left out beside others holds people all the same, where the others do not add up to the total: who is
-- not sent is not seen.
-- needs breakdown where part_count < code_count
with

short as (
    select
        *,
        if(counts_denominator, 'DENOMINATOR', 'NUMERATOR') as column_name,
        if(counts_denominator, denominator, numerator) as counted,
        coalesce(if(counts_denominator, unknown_denominator, unknown_numerator), 0)
        + if(counts_denominator, denominator_sum, numerator_sum) as part_sum
    from breakdown
    where
        part_count < code_count
        and if(counts_denominator, denominator_count, numerator_count) = part_count
        and part_sum < counted - 1e-6
        -- A wrong code hides its group, and a row without its indicator one of that above; a breakdown that nobody asks
        -- for may be as it is.
        and (block_id, dimension) in (
            select (block.block_id, asked.dimension_code)
            from block
            inner join catalogue.indicator_disaggregations as asked on block.indicator = asked.indicator_code
            where not exists (
                select 1
                from unclear
                where unclear.indicator = block.indicator
            )
        )
),

-- Asked by itself, because only a few blocks of a million rows are looked into.
sent as (
    select
        block_id,
        total_stratum_id,
        code
    from part
    where block_id in (select block_id from short)
),

class_sets as (
    select
        block_id,
        total_stratum_id,
        dimension,
        count(*) as set_count
    from breakdown
    where block_id in (select block_id from short)
    group by block_id, total_stratum_id, dimension
)

select
    source_row,
    column_name,
    say('the parts by {dimension} add up to {sum}; missing: {codes}') as expected,
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
                    select sent.code
                    from sent
                    where sent.block_id = short.block_id and sent.total_stratum_id = short.total_stratum_id
                )
        )
    } as given
from short
inner join class_sets using (block_id, total_stratum_id, dimension)
-- Of several sets of age classes one that may be whole is enough; where none is, the fullest is meant.
qualify
    set_count = count(*) over (partition by block_id, total_stratum_id, dimension)
    and row_number() over (
        partition by block_id, total_stratum_id, dimension
        order by part_count desc, partition_id asc
    ) = 1
