-- A value outside the usual range is worth a second look, unless it comes from few people.
select
    source_row,
    if(is_value_of_numerator, 'NUMERATOR', 'OBS_VALUE') as column_name,
    -- A cell that holds a count is set beside counts, and a percentage beside percentages.
    case
        when measure_type_code = 'PROP' and is_value_of_numerator
            then say('{low_count} to {high_count} of {denominator} ({low} to {high} %, not {value} %)')
        when measure_type_code = 'RATE100K'
            then say('{low_count} to {high_count} ({low} to {high} per 100 000, not {value})')
        when measure_type_code = 'MEDDAYS' then say('{low} to {high} days')
        when soft_max is null then say('{low} or more')
        when soft_min is null then say('{high} or less')
        else say('{low} to {high}')
    end as expected,
    {
        'value': round(value, 2),
        'low': soft_min,
        'high': soft_max,
        'denominator': denominator,
        'low_count': ceil(soft_min * if(measure_type_code = 'PROP', denominator / 100, population_count / 100000)),
        'high_count': floor(soft_max * if(measure_type_code = 'PROP', denominator / 100, population_count / 100000))
    } as given
from observation
where
    (value < soft_min or value > soft_max)
    and not coalesce(value < hard_min or value > hard_max, false)
    and (denominator >= minimum_denominator_count or denominator is null or minimum_denominator_count is null)
    -- Of few, one more or one less may make all the difference.
    and (
        measure_type_code <> 'PROP'
        or coalesce(greatest(soft_min - value, value - soft_max) * denominator / 100 >= 1, true)
    )
