-- The first quartile, the median and the third quartile rise in this order.
select
    source_row,
    if(p25 > obs_value or obs_value is null, 'P25', 'P75') as column_name,
    case
        when p25 > obs_value then say('P25 must not be above the median, which is {median}')
        when p75 < obs_value then say('P75 must not be below the median, which is {median}')
        else say('P25 must not be above P75')
    end as expected,
    {'median': obs_value} as given
from observation
where measure_type_code = 'MEDDAYS' and not is_damaged and (p25 > obs_value or p75 < obs_value or p25 > p75)
