-- A value that is sent beside its counts says the same as they do. That of a rate may rest on a population of the sender's
-- own, as far as this may differ from ours.
select
    source_row,
    'OBS_VALUE' as column_name,
    case measure_type_code
        when 'PROP' then say('{value} (100 x {numerator} / {denominator})')
        when 'RATE100K' then say('{value} (100 000 x {numerator} / {population}, the reference population)')
        else say('{value}, the number in NUMERATOR')
    end as expected,
    if(
        measure_type_code = 'PROP' and abs(obs_value * 100 - value) <= parameter('P07', 'tolerance_points') + 1e-9,
        say('It is a fraction: write it in percent, or leave OBS_VALUE empty (we compute it).'),
        null
    ) as advice,
    {
        'value': round(value, 2),
        'numerator': numerator,
        'denominator': denominator,
        'population': if(measure_type_code = 'RATE100K', population_count, null)
    } as given,
    number_text(round(value, 2)) as proposal,
    measure_type_code = 'PROP'
    and abs(obs_value * 100 - value) <= parameter('P07', 'tolerance_points') + 1e-9 as is_certain
from observation
where
    numerator >= 0
    and coalesce(value <= hard_max, true)
    and abs(obs_value - value)
    > parameter('P07', 'tolerance_points')
    + if(measure_type_code = 'RATE100K', value * parameter('P14', 'tolerance_pct') / 100, 0)
    + 1e-9
