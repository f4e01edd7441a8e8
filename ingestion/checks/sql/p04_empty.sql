-- An empty value says why it is empty, and a filled one does not claim to be missing.
-- A status that is none has its own answer.
select
    source_row,
    'OBS_STATUS' as column_name,
    if(
        is_empty,
        say('the row holds no value, so OBS_STATUS must say why'),
        say('the row holds a value, and this status says that there is none')
    ) as expected
from observation
where
    not is_damaged
    and not is_impossible
    and (
        (
            is_empty
            and value_rule = 'filled'
            and (obs_status is null or obs_status in (select code from catalogue.codes_obs_status))
        )
        or ((is_filled or obs_value is not null) and value_rule = 'empty')
    )
