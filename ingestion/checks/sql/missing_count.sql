-- What a measure is computed from is all there: half of it is as good as nothing.
with

unfinished as (
    select *
    from observation
    where not is_filled and not is_empty and not is_damaged and not is_impossible and value_rule = 'filled'
)

select
    source_row,
    case
        when measure_type_code in ('PROP', 'COUNT', 'RATE100K') and numerator is null then 'NUMERATOR'
        when measure_type_code in ('PROP', 'MEDDAYS') and denominator is null and obs_value is not null
            then 'DENOMINATOR'
        when measure_type_code = 'PROP' then 'DENOMINATOR'
        else 'OBS_VALUE'
    end as column_name,
    '' as found,
    case measure_type_code
        when 'PROP' then 'it needs NUMERATOR and DENOMINATOR'
        when 'MEDDAYS' then 'it needs the median in OBS_VALUE and the number of observations in DENOMINATOR'
        when 'COUNT' then 'it needs NUMERATOR'
        when 'RATE100K' then 'it needs NUMERATOR'
        else 'it needs OBS_VALUE'
    end as expected
from unfinished
