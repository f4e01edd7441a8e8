-- Quartiles come in pairs; one alone may be the rest of a median whose decimal comma was taken for a separator.
select
    source_row,
    if(p25 is null, 'P25', 'P75') as column_name,
    say('a number, as in {other_column}') as expected,
    {'other_column': if(p25 is null, 'P75', 'P25')} as given
from observation
where measure_type_code = 'MEDDAYS' and not is_damaged and (p25 is null) <> (p75 is null)
