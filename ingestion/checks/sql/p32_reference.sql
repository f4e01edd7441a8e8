-- A yes/no answer or a score names the document that shows it.
select
    source_row,
    'REFERENCE' as column_name,
    say('a document') as expected
from observation
inner join catalogue.measure_columns
    on
        observation.measure_type_code = measure_columns.measure_type_code
        and measure_columns.column_name = 'REFERENCE'
        and measure_columns.is_required
where is_filled and not has_reference
