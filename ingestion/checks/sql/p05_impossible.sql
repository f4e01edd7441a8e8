-- A site that a sex cannot have is empty with M: zero would count people who cannot exist.
select
    observation.source_row,
    case
        when observation.is_empty then 'OBS_STATUS'
        when observation.numerator is not null then 'NUMERATOR'
        when observation.obs_value is not null then 'OBS_VALUE'
        else 'DENOMINATOR'
    end as column_name,
    case when observation.is_empty then observation.obs_status end as found,
    observation.site || ' with ' || observation.sex_key || ' is left empty, with OBS_STATUS M' as expected
from observation
where
    observation.is_impossible
    and not observation.is_damaged
    and (not observation.is_empty or observation.obs_status is distinct from 'M')
