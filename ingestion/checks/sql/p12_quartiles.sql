-- The first quartile, the median and the third quartile rise in this order.
select
    source_row,
    case when p25 > obs_value or (obs_value is null and p25 > p75) then 'P25' else 'P75' end as column_name,
    cast(null as varchar) as found,
    'the median is ' || coalesce(number_text(obs_value), 'empty')
    || case
        when p25 > obs_value then ', and P25 is not above it'
        when p75 < obs_value then ', and P75 is not below it'
        else ', and P25 is not above P75'
    end as expected
from observation
where measure_type_code = 'MEDDAYS' and not is_damaged and (p25 > obs_value or p75 < obs_value or p25 > p75)
