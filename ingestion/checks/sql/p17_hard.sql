-- A value outside the possible range is wrong. Counts above their denominator have their own answer.
select
    source_row,
    case when numerator is null then 'OBS_VALUE' else 'NUMERATOR' end
        as column_name,
    number_text(round(value, 2)) as found,
    case
        when measure_type_code = 'BIN' then '0 or 1'
        when hard_max is null then number_text(hard_min) || ' or more'
        when hard_min is null then number_text(hard_max) || ' or less'
        else number_text(hard_min) || ' to ' || number_text(hard_max)
    end as expected
from observation
where
    not is_impossible
    and not (measure_type_code = 'PROP' and numerator is not null)
    and not coalesce(numerator < 0, false)
    and (
        value < hard_min
        or value > hard_max
        or (measure_type_code = 'BIN' and value not in (hard_min, hard_max))
    )
