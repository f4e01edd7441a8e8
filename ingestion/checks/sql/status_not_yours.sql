-- Some statuses belong to the receiver, to forecasts or to other kinds of data.
-- needs used_code where (column_name = 'OBS_STATUS' and code in (
--   select code from catalogue.codes_obs_status where sender_rule <> 'allowed'))
--   or (column_name = 'CONF_STATUS' and code in (
--   select code from catalogue.codes_conf_status where handling in ('receiver_only', 'refused')))
select
    source_row,
    'OBS_STATUS' as column_name,
    say('a status that a sender may set') as expected,
    {'status_label': codes.label} as given
from submission
inner join catalogue.codes_obs_status as codes on submission.obs_status = codes.code
where codes.sender_rule <> 'allowed'

union all

select
    source_row,
    'CONF_STATUS' as column_name,
    say('a status that a sender may set') as expected,
    {'status_label': codes.label} as given
from submission
inner join catalogue.codes_conf_status as codes on submission.conf_status = codes.code
where codes.handling in ('receiver_only', 'refused')
