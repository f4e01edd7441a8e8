-- A yes/no answer or a score names the document that shows it.
select
    source_row,
    'REFERENCE' as column_name,
    say('a document') as expected
from observation
where is_filled and lacks_reference
