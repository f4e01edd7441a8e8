-- When every proportion without counts lies in 0..1, somebody may have sent fractions.
-- needs observation where measure_type_code = 'PROP' and numerator is null and obs_value between 0 and 1
with

published as (
    select
        source_row,
        obs_value
    from observation
    where measure_type_code = 'PROP' and numerator is null and obs_value is not null
)

select
    source_row,
    'OBS_VALUE' as column_name,
    say('percent') as expected,
    number_text(obs_value * 100) as proposal
from published
where (
    select
        count(*) >= parameter('P08', 'fewest_values')
        and min(obs_value) >= 0 and max(obs_value) <= 1 and max(obs_value) > 0
    from published
)
