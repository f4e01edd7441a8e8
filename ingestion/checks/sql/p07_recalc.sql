-- A value that is sent beside its counts says the same as they do.
select
    source_row,
    'OBS_VALUE' as column_name,
    say('{value} (100 x {numerator} / {denominator})') as expected,
    if(
        abs(obs_value * 100 - value) <= parameter('P07', 'tolerance_points') + 1e-9,
        say('It is a fraction: write it in percent, or leave OBS_VALUE empty (we compute it).'),
        null
    ) as advice,
    {'value': round(value, 2), 'numerator': numerator, 'denominator': denominator} as given,
    number_text(round(value, 2)) as proposal,
    abs(obs_value * 100 - value) <= parameter('P07', 'tolerance_points') + 1e-9 as is_certain
from observation
where
    measure_type_code = 'PROP'
    and numerator >= 0
    and numerator <= denominator * hard_max / 100
    and abs(obs_value - value) > parameter('P07', 'tolerance_points') + 1e-9
