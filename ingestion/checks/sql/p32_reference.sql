-- A yes/no answer or a score names the document that shows it.
select source_row, 'REFERENCE' as column_name, '' as found, 'a document' as expected
from observation
where measure_type_code in ('BIN', 'SCORE') and obs_value is not null and reference is null
