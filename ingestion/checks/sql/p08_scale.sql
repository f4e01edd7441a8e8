-- When every proportion without counts lies in 0..1, somebody may have sent fractions. Few of them may be small by
-- chance, but percentages are published with one or two decimals: a third one, as in 0.031, is that of a fraction.
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
        and (count(*) >= parameter('P08', 'enough_values') or bool_or(obs_value <> round(obs_value, 2)))
        and min(obs_value) >= 0 and max(obs_value) <= 1 and max(obs_value) > 0
    from published
)
