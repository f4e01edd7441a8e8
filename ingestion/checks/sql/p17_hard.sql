-- A value outside the possible range is wrong, and so is a quartile. Counts above their denominator have their own answer.
-- needs observation where value < hard_min or value > hard_max or (measure_type_code = 'BIN' and value <> hard_min)
--   or least(p25, p75) < hard_min or greatest(p25, p75) > hard_max
select
    source_row,
    if(is_value_of_numerator, 'NUMERATOR', 'OBS_VALUE') as column_name,
    case
        when measure_type_code = 'BIN' then say('0 or 1')
        when measure_type_code = 'RATE100K'
            then say('{low_count} to {high_count} ({low} to {high} per 100 000, not {value})')
        when measure_type_code = 'MEDDAYS' then say('{low} to {high} days')
        when hard_max is null then say('{low} or more')
        when hard_min is null then say('{high} or less')
        else say('{low} to {high}')
    end as expected,
    {
        'value': round(value, 2),
        'low': hard_min,
        'high': hard_max,
        'low_count': ceil(hard_min * population_count / 100000),
        'high_count': floor(hard_max * population_count / 100000)
    } as given
from observation
where
    not is_impossible
    and not (is_value_of_numerator and uses_denominator)
    and not coalesce(numerator < 0, false)
    and (
        value < hard_min
        or value > hard_max
        or (measure_type_code = 'BIN' and value not in (hard_min, hard_max))
    )

union all by name

select
    source_row,
    column_name,
    say('{low} to {high} days') as expected,
    {'low': hard_min, 'high': hard_max} as given
from figure
where column_name in ('P25', 'P75') and (number < hard_min or number > hard_max)
