-- A median that is 24, 7 or 30 times the last one, or such a part of it, was given in another unit of time.
-- needs change_of_row
-- needs block where measure_type_code = 'MEDDAYS'
with

units as (
    select
        unnest([24.0, 7.0, 30.4]) as factor,
        unnest([say('hours'), say('weeks'), say('months')]) as unit_name
),

jumps as (
    select
        *,
        value / earlier_value as ratio
    from change
    where measure_type_code = 'MEDDAYS' and earlier_value > 0
)

select
    jumps.source_row,
    jumps.earlier_source_row as beside_row,
    'OBS_VALUE' as column_name,
    say('days; {earlier_period} had {earlier_value}, so this may be in {unit_name}') as expected,
    {
        'earlier_period': jumps.earlier_period,
        'earlier_value': jumps.earlier_value,
        'unit_name': units.unit_name
    } as given
from jumps
inner join units
    on
        -- Hours are more than days, weeks and months are fewer.
        abs(if(units.factor = 24, ratio, 1 / ratio) / units.factor - 1) <= parameter('P13', 'tolerance_pct') / 100
