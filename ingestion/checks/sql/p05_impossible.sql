-- A site that a sex cannot have is empty with M: zero would count people who cannot exist.
select
    source_row,
    case
        when is_empty then 'OBS_STATUS'
        when numerator is not null then 'NUMERATOR'
        when obs_value is not null then 'OBS_VALUE'
        else 'DENOMINATOR'
    end as column_name,
    say('{site} with {sex} is left empty, with OBS_STATUS M') as expected,
    {'site': site_key, 'sex': sex_key} as given,
    if(is_empty, 'M', null) as proposal,
    is_empty as is_certain
from observation
where is_impossible and not is_damaged and (not is_empty or obs_status is distinct from 'M')
