-- A value that is sent beside its counts says the same as they do, within 0.1 point.
select
    source_row,
    'OBS_VALUE' as column_name,
    cast(null as varchar) as found,
    number_text(round(value, 2)) || ' (100 x ' || number_text(numerator) || ' / ' || number_text(denominator) || ')'
        as expected,
    case
        when abs(obs_value * 100 - value) <= 0.1 + 1e-9
            then 'It is a fraction: write it in percent, or leave OBS_VALUE empty (we compute it).'
    end as proposal
from observation
where
    measure_type_code = 'PROP'
    and numerator is not null
    and denominator > 0
    and numerator <= denominator * greatest(coalesce(hard_max, 100), 100) / 100
    and abs(obs_value - value) > 0.1 + 1e-9
