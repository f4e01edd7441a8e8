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
        if(counts_denominator, denominator_count, numerator_count) = part_count
        and part_sum < counted
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
        part.block_id,
        part.total_stratum_id,
        part.code,
        if(comparable.counts_denominator, comparable.denominator, comparable.numerator) as counted
    from part
    inner join comparable on part.source_row = comparable.source_row
    where part.block_id in (select block_id from short)
),

-- Who sends two classes as a wider one, and neither of them by itself, left out none of them.
joined as (
    select
        short.block_id,
        short.total_stratum_id,
        short.partition_id,
        sent.code,
        -- One without its number may hold all the others.
        coalesce(any_value(sent.counted), any_value(short.counted)) as counted,
        list(joined_code.part_code) as codes
    from short
    inner join sent on short.block_id = sent.block_id and short.total_stratum_id = sent.total_stratum_id
    inner join joined_code on short.partition_id = joined_code.partition_id and sent.code = joined_code.code
    left join sent as sent_part
        on
            short.block_id = sent_part.block_id
            and short.total_stratum_id = sent_part.total_stratum_id
            and joined_code.part_code = sent_part.code
    group by short.block_id, short.total_stratum_id, short.partition_id, sent.code
    having count(sent_part.code) = 0
),

joined_sum as (
    select
        block_id,
        total_stratum_id,
        partition_id,
        sum(counted) as joined_count,
        flatten(list(codes)) as codes
    from joined
    group by block_id, total_stratum_id, partition_id
),

-- Where each of the smallest groups is in one that was sent, such as 15 to 24, 25 to 34 and so on, none is missing.
covered as (
    select sent.block_id, sent.total_stratum_id, nested_code.dimension
    from sent
    inner join nested_code on sent.code = nested_code.code
    group by sent.block_id, sent.total_stratum_id, nested_code.dimension
    having len(list_distinct(flatten(list(range(first_group, end_group))))) = (
        select max(end_group)
        from nested_code as whole
        where whole.dimension = nested_code.dimension
    )
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
        'sum': round(part_sum + coalesce(joined_count, 0), 6),
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
                and not list_contains(coalesce(joined_sum.codes, []), breakdown_code.code)
        )
    } as given
from short
inner join class_sets using (block_id, total_stratum_id, dimension)
left join joined_sum using (block_id, total_stratum_id, partition_id)
where
    part_sum + coalesce(joined_count, 0) < counted - 1e-6
    and part_count < code_count
    and (block_id, total_stratum_id, dimension) not in (
        select (block_id, total_stratum_id, dimension) from covered
    )
-- Of several sets of age classes one that may be whole is enough; where none is, the fullest is meant.
qualify
    set_count = count(*) over (partition by block_id, total_stratum_id, dimension)
    and row_number() over (
        partition by block_id, total_stratum_id, dimension
        order by part_count desc, partition_id asc
    ) = 1
