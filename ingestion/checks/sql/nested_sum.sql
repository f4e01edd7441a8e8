-- Codes of several levels tell of the same people: groups within a wider one, as some age classes are, never hold more
-- than it, and where they fill it they add up to it. The total is the widest group.
-- needs stratum_part where dimension || code in (select dimension || code from nested_code where level = code)
--   or 1 < (select count(distinct level) from nested_code
--   where dimension = 'AGE' and code in (select code from stratum_part))
with

groups as materialized (
    select
        comparable.source_row,
        comparable.block_id,
        stratum_part.total_stratum_id,
        nested_code.* exclude (code),
        if(comparable.counts_numerator, if(obs_status = 'M', 0, comparable.numerator), null) as numerator,
        if(comparable.counts_denominator, if(obs_status = 'M', 0, comparable.denominator), null) as denominator,
        false as is_total
    from comparable
    inner join stratum_part on comparable.stratum_id = stratum_part.stratum_id
    inner join nested_code
        on stratum_part.dimension = nested_code.dimension and stratum_part.code = nested_code.code
),

wider as (
    from groups

    union all by name

    -- A level that is all there has been held to its total already.
    select
        total.source_row,
        total.block_id,
        total.stratum_id as total_stratum_id,
        whole.*,
        total.numerator,
        total.denominator,
        true as is_total
    from total, (
        select
            dimension,
            min(first_group) as first_group,
            max(end_group) as end_group
        from nested_code
        group by dimension
    ) as whole
    where
        (total.block_id, total.stratum_id, whole.dimension) not in (
            select (block_id, total_stratum_id, dimension)
            from breakdown
            where part_count = code_count
        )
),

-- Each group is a part of the narrowest one that holds it.
held as (
    select
        groups.source_row,
        groups.dimension,
        arg_min(wider.source_row, wider.end_group - wider.first_group) as whole_row
    from groups
    inner join wider
        on
            groups.block_id = wider.block_id
            and groups.total_stratum_id = wider.total_stratum_id
            and groups.dimension = wider.dimension
            and groups.first_group >= wider.first_group
            and groups.end_group <= wider.end_group
            and groups.source_row <> wider.source_row
    group by groups.source_row, groups.dimension
),

parts as (
    select
        held.whole_row,
        groups.*,
        lag(groups.end_group) over (
            partition by held.whole_row, groups.dimension
            order by groups.first_group
        ) as reached_group
    from groups
    inner join held on groups.source_row = held.source_row and groups.dimension = held.dimension
),

summed as (
    select
        whole_row,
        total_stratum_id,
        dimension,
        count(distinct level) as level_count,
        sum(numerator) as numerator_sum,
        sum(denominator) as denominator_sum,
        sum(end_group - first_group) filter (numerator is not null) as numerator_count,
        sum(end_group - first_group) filter (denominator is not null) as denominator_count,
        max(numerator) as largest_numerator,
        max(denominator) as largest_denominator
    from parts
    -- One that begins within another may hold people of both.
    where coalesce(first_group >= reached_group, true)
    group by whole_row, total_stratum_id, dimension
),

long as (
    select
        wider.source_row,
        wider.dimension,
        wider.end_group - wider.first_group as group_count,
        wider.is_total,
        summed.level_count,
        (wider.block_id, wider.total_stratum_id, wider.dimension) in (
            select (block_id, total_stratum_id, dimension) from unknown
        ) as has_unknown,
        unnest([
            {
                'column_name': 'NUMERATOR',
                'counted': wider.numerator,
                'part_sum': numerator_sum,
                'part_count': numerator_count,
                'largest_part': largest_numerator
            },
            {
                'column_name': 'DENOMINATOR',
                'counted': wider.denominator,
                'part_sum': denominator_sum,
                'part_count': denominator_count,
                'largest_part': largest_denominator
            }
        ], recursive := true)
    from summed
    -- A row may be the total of one breakdown and a group of another.
    inner join wider
        on
            summed.whole_row = wider.source_row
            and summed.total_stratum_id = wider.total_stratum_id
            and summed.dimension = wider.dimension
)

select
    source_row,
    column_name,
    if(
        part_count = group_count,
        say('the groups of {dimension} within it add up to {sum}'),
        say('the groups of {dimension} within it add up to {sum} already, and not all of them are there')
    ) as expected,
    {'dimension': dimension, 'sum': round(part_sum, 6)} as given
from long
where
    if(part_count = group_count and not has_unknown, abs(part_sum - counted) > 1e-6, part_sum > counted + 1e-6)
    -- What groups of one level, or a single one, say of the total has its own answer.
    and not (is_total and (level_count = 1 or largest_part > counted + 1e-6))
