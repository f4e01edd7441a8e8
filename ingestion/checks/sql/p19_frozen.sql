-- Real figures move: where nearly all are exactly those of the period before, or of the one before that, an old file was
-- copied. A median has its people, too: the same one of other people is no copy.
-- Nobody stays nobody.
-- needs change_of_row
with

compared as not materialized (
    select *
    from change
    where is_person_count and greatest(numerator, denominator) > 0
),

beside as (
    select
        compared.* exclude (older_block_id, older_value, older_numerator, older_denominator)
    from compared

    union all by name

    select
        compared.* exclude (older_block_id, older_value, older_numerator, older_denominator)
        replace (
            block.time_period as earlier_period,
            older_value as earlier_value,
            older_numerator as earlier_numerator,
            older_denominator as earlier_denominator
        )
    from compared
    inner join block on compared.older_block_id = block.block_id
    -- Whoever sends an old file again sends its totals again: few blocks of a million rows need be looked at.
    where
        compared.block_id in (
            select block_id
            from change
            where
                is_total
                and greatest(numerator, denominator) >= parameter('P19', 'fewest_people')
                and coalesce(numerator, value) = coalesce(older_numerator, older_value)
                and denominator is not distinct from older_denominator
        )
),

copies as (
    select
        indicator,
        time_period,
        measure_type_code,
        earlier_period,
        min(source_row) as source_row,
        count(*) as figure_count,
        count(*) filter (
            where
            if(measure_type_code = 'MEDDAYS', value = earlier_value, numerator = earlier_numerator)
            and denominator is not distinct from earlier_denominator
        ) as same
    from beside
    where measure_type_code = 'MEDDAYS' or (numerator is not null and earlier_numerator is not null)
    group by indicator, time_period, measure_type_code, earlier_period
    having
        figure_count >= parameter('P19', 'fewest_rows')
        and 100 * same >= parameter('P19', 'most_same_pct') * figure_count
)

select
    source_row,
    if(measure_type_code = 'MEDDAYS', 'OBS_VALUE', 'NUMERATOR') as column_name,
    say('other figures than those of {earlier_period}') as expected,
    {'count': figure_count, 'same': same, 'earlier_period': earlier_period} as given
from copies
-- What was copied twice is said of the nearest.
qualify row_number() over (partition by indicator, time_period order by earlier_period desc) = 1
