-- A site that a sex cannot have is empty with M: zero would count people who cannot exist.
select
    observation.source_row,
    case
        when is_empty then 'OBS_STATUS'
        when numerator is not null then 'NUMERATOR'
        when obs_value is not null then 'OBS_VALUE'
        else 'DENOMINATOR'
    end as column_name,
    case when is_empty then obs_status end as found,
    observation.site || ' with ' || sex_key || ' is left empty, with OBS_STATUS M' as expected
from observation
where is_impossible and not is_damaged and (not is_empty or obs_status is distinct from 'M')
