-- A value outside the possible range is wrong. Counts above their denominator have their own answer.
select
    source_row,
    if(uses_numerator and measure_type_code <> 'PROP', 'NUMERATOR', 'OBS_VALUE') as column_name,
    case
        when measure_type_code = 'BIN' then say('0 or 1')
        when measure_type_code = 'RATE100K' then say('{low} to {high} per 100 000, not {value}')
        when hard_max is null then say('{low} or more')
        when hard_min is null then say('{high} or less')
        else say('{low} to {high}')
    end as expected,
    {'value': round(value, 2), 'low': hard_min, 'high': hard_max} as given
from observation
where
    not is_impossible
    and not (measure_type_code = 'PROP' and numerator is not null and denominator is not null)
    and not coalesce(numerator < 0, false)
    and (
        value < hard_min
        or value > hard_max
        or (measure_type_code = 'BIN' and value not in (hard_min, hard_max))
    )
