-- The first quartile, the median and the third quartile rise in this order.
select
    source_row,
    if(p25 > obs_value or obs_value is null, 'P25', 'P75') as column_name,
    case
        when p25 > obs_value then say('the median is {median}, and P25 is not above it')
        when p75 < obs_value then say('the median is {median}, and P75 is not below it')
        else say('P25 is not above P75')
    end as expected,
    {'median': obs_value} as given
from observation
where measure_type_code = 'MEDDAYS' and not is_damaged and (p25 > obs_value or p75 < obs_value or p25 > p75)
