-- A figure that is suppressed is not free at the same time.
select
    source_row,
    'OBS_STATUS' as column_name,
    say('a CONF_STATUS other than F') as expected
from observation
where obs_status = 'Q' and coalesce(conf_status, 'F') = 'F'
