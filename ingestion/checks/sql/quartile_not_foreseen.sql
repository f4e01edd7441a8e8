-- Only medians have quartiles: one of anything else may be the rest of a value whose comma was taken for a separator.
-- needs observation where measure_type_code <> 'MEDDAYS' and (p25 is not null or p75 is not null)
select
    source_row,
    if(p25 is null, 'P75', 'P25') as column_name,
    say('an empty cell') as expected
from observation
where measure_type_code <> 'MEDDAYS' and not is_damaged and (p25 is not null or p75 is not null)
