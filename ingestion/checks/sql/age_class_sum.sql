-- Age classes of several levels tell of the same people: those within a wider class never hold more than it, and where
-- they fill it they add up to it. The total is the widest of them.
-- needs stratum_part where dimension = 'AGE' and (
--   select count(distinct level) from age_class where code in (select code from stratum_part)) > 1
with

aged as materialized (
    select
        comparable.source_row,
        comparable.block_id,
        stratum_part.total_stratum_id,
        age_class.* exclude (code),
        if(comparable.counts_numerator, if(obs_status = 'M', 0, comparable.numerator), null) as numerator,
        if(comparable.counts_denominator, if(obs_status = 'M', 0, comparable.denominator), null) as denominator,
        false as is_total
    from comparable
    inner join stratum_part on comparable.stratum_id = stratum_part.stratum_id
    inner join age_class on stratum_part.code = age_class.code
),

wider as (
    from aged

    union all by name

    -- A level that is all there has been held to its total already.
    select
        total.source_row,
        total.block_id,
        total.stratum_id as total_stratum_id,
        (select min(first_age) from age_class) as first_age,
        (select max(end_age) from age_class) as end_age,
        total.numerator,
        total.denominator,
        true as is_total
    from total
    where
        (total.block_id, total.stratum_id) not in (
            select (block_id, total_stratum_id)
            from breakdown
            where dimension = 'AGE' and part_count = code_count
        )
),

-- Each class is a part of the narrowest one that holds it.
held as (
    select
        aged.source_row,
        arg_min(wider.source_row, wider.end_age - wider.first_age) as whole_row
    from aged
    inner join wider
        on
            aged.block_id = wider.block_id
            and aged.total_stratum_id = wider.total_stratum_id
            and aged.first_age >= wider.first_age
            and aged.end_age <= wider.end_age
            and aged.source_row <> wider.source_row
    group by aged.source_row
),

parts as (
    select
        held.whole_row,
        aged.*,
        lag(aged.end_age) over (partition by held.whole_row order by aged.first_age) as reached_age
    from aged
    inner join held on aged.source_row = held.source_row
),

summed as (
    select
        whole_row,
        count(distinct level) as level_count,
        sum(numerator) as numerator_sum,
        sum(denominator) as denominator_sum,
        sum(end_age - first_age) filter (numerator is not null) as numerator_years,
        sum(end_age - first_age) filter (denominator is not null) as denominator_years,
        max(numerator) as largest_numerator,
        max(denominator) as largest_denominator
    from parts
    -- One that begins within another may hold people of both.
    where coalesce(first_age >= reached_age, true)
    group by whole_row
),

long as (
    select
        wider.source_row,
        wider.end_age - wider.first_age as years,
        wider.is_total,
        summed.level_count,
        (wider.block_id, wider.total_stratum_id) in (
            select (block_id, total_stratum_id) from unknown
            where dimension = 'AGE'
        ) as has_unknown,
        unnest([
            {
                'column_name': 'NUMERATOR',
                'counted': wider.numerator,
                'part_sum': numerator_sum,
                'part_years': numerator_years,
                'largest_part': largest_numerator
            },
            {
                'column_name': 'DENOMINATOR',
                'counted': wider.denominator,
                'part_sum': denominator_sum,
                'part_years': denominator_years,
                'largest_part': largest_denominator
            }
        ], recursive := true)
    from summed
    inner join wider on summed.whole_row = wider.source_row
)

select
    source_row,
    column_name,
    if(
        part_years = years,
        say('the age classes within it add up to {sum}'),
        say('the age classes within it add up to {sum} already, and not all of them are there')
    ) as expected,
    {'sum': round(part_sum, 6)} as given
from long
where
    if(part_years = years and not has_unknown, abs(part_sum - counted) > 1e-6, part_sum > counted + 1e-6)
    -- What classes of one level, or a single one, say of the total has its own answer.
    and not (is_total and (level_count = 1 or largest_part > counted + 1e-6))
