-- A value outside the usual range is worth a second look, unless it comes from few people.
select
    source_row,
    if(uses_numerator and numerator is not null, 'NUMERATOR', 'OBS_VALUE') as column_name,
    -- A cell that holds a count is set beside a share or a rate of it, and each percentage beside another.
    case
        when measure_type_code = 'PROP' and numerator is not null and denominator is not null
            then say('{low} to {high} % of {denominator}, not {value} %')
        when measure_type_code = 'RATE100K' then say('{low} to {high} per 100 000, not {value}')
        when soft_max is null then say('{low} or more')
        when soft_min is null then say('{high} or less')
        else say('{low} to {high}')
    end as expected,
    {'value': round(value, 2), 'low': soft_min, 'high': soft_max, 'denominator': denominator} as given
from observation
where
    (value < soft_min or value > soft_max)
    and not coalesce(value < hard_min or value > hard_max, false)
    and (denominator >= minimum_denominator_count or denominator is null or minimum_denominator_count is null)
