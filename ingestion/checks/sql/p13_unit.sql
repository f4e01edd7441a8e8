-- A median that is 24, 7 or 30 times the last one, or such a part of it, was given in another unit of time.
-- needs change_of_row
-- needs block where measure_type_code = 'MEDDAYS'
select
    source_row,
    earlier_source_row as beside_row,
    'OBS_VALUE' as column_name,
    say('days; {earlier_period} had {earlier_value}, so this may be in {unit_name}') as expected,
    {'earlier_period': earlier_period, 'earlier_value': earlier_value, 'unit_name': other_unit} as given
from change
where other_unit is not null
