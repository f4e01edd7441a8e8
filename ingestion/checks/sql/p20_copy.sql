-- Two regions, two countries, two indicators, or all groups of a breakdown, with exactly the same counts throughout share
-- a template, not their patients.
with

regional as (
    select
        comparable.indicator,
        comparable.nuts2_key,
        min(comparable.source_row) as source_row,
        count(*) as figure_count,
        -- The same in whatever order the rows stand.
        sum(
            hash(comparable.block_id, stratum_part.total_stratum_id, comparable.numerator, comparable.denominator)
        ) as figures
    from comparable
    inner join stratum_part on comparable.stratum_id = stratum_part.stratum_id and stratum_part.dimension = 'NUTS2'
    where comparable.numerator > 0 and comparable.denominator is not null
    group by comparable.indicator, comparable.nuts2_key
    having count(*) >= parameter('P20', 'fewest_figures')
),

regional_copies as (
    select
        *,
        first_value(nuts2_key) over (partition by indicator, figures order by nuts2_key) as twin
    from regional
),

alike as (
    select
        block.indicator,
        breakdown.dimension,
        breakdown.partition_id,
        count(*) as figure_count
    from breakdown
    inner join block on breakdown.block_id = block.block_id
    -- Regions have their own answer, which also tells of two among many.
    where breakdown.part_count > 1 and breakdown.largest_numerator > 0 and breakdown.dimension <> 'NUTS2'
    group by block.indicator, breakdown.dimension, breakdown.partition_id
    having
        count(*) >= parameter('P20', 'fewest_figures')
        and bool_and(
            numerator_sum = part_count * largest_numerator and denominator_sum = part_count * largest_denominator
        )
),

group_copies as (
    select
        alike.dimension,
        alike.figure_count,
        stratum_part.code,
        min(comparable.source_row) as source_row,
        first_value(stratum_part.code) over (
            partition by alike.indicator, alike.dimension, alike.partition_id order by min(comparable.source_row)
        ) as twin
    from alike
    inner join breakdown_code
        on alike.dimension = breakdown_code.dimension and alike.partition_id = breakdown_code.partition_id
    inner join stratum_part
        on breakdown_code.dimension = stratum_part.dimension and breakdown_code.code = stratum_part.code
    inner join comparable
        on stratum_part.stratum_id = comparable.stratum_id and alike.indicator = comparable.indicator
    group by alike.indicator, alike.dimension, alike.partition_id, alike.figure_count, stratum_part.code
),

of_indicator as (
    select
        indicator,
        min(source_row) as source_row,
        count(*) as figure_count,
        sum(hash(time_period, site_key, stratum_id, numerator, denominator)) as figures
    from comparable
    where numerator > 0 and denominator is not null and is_person_count
    group by indicator
    having count(*) >= parameter('P20', 'fewest_figures')
),

indicator_copies as (
    select
        *,
        first_value(indicator) over (partition by figures order by source_row) as twin
    from of_indicator
),

names as (
    select
        stratum.stratum_id,
        coalesce(
            string_agg(stratum_part.dimension || ':' || stratum_part.code, '+' order by stratum_part.dimension), 'TOTAL'
        ) as stratum_name
    from stratum
    left join stratum_part on stratum.stratum_id = stratum_part.stratum_id
    group by stratum.stratum_id
),

national_copies as (
    select
        comparable.indicator,
        peer.country_code,
        min(comparable.source_row) as source_row,
        count(*) as figure_count
    from comparable
    inner join names on comparable.stratum_id = names.stratum_id
    inner join peer
        on
            comparable.indicator = peer.indicator
            and comparable.time_period = peer.time_period
            and comparable.site_key = peer.site_key
            and names.stratum_name = peer.stratum_name
    where comparable.numerator > 0 and peer.numerator is not null and peer.denominator is not null
    group by comparable.indicator, peer.country_code
    having
        count(*) >= parameter('P20', 'fewest_figures')
        and bool_and(comparable.numerator = peer.numerator and comparable.denominator = peer.denominator)
)

select
    source_row,
    'NUTS2' as column_name,
    say('other counts than those of {twin}: all {count} are the same') as expected,
    {'twin': twin, 'count': figure_count} as given
from regional_copies
where twin <> nuts2_key

union all

select
    source_row,
    dimension as column_name,
    say('other counts than those of {twin}: all {count} are the same') as expected,
    {'twin': twin, 'count': figure_count} as given
from group_copies
where twin <> code

union all

select
    source_row,
    'INDICATOR' as column_name,
    say('other counts than those of {twin}: all {count} are the same') as expected,
    {'twin': twin, 'count': figure_count} as given
from indicator_copies
where twin <> indicator

union all

select
    source_row,
    'NUMERATOR' as column_name,
    say('other counts than those of {twin}: all {count} are the same') as expected,
    {'twin': min(country_code), 'count': min_by(figure_count, country_code)} as given
from national_copies
group by source_row
