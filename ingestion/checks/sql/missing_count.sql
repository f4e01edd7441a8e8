-- What a measure is computed from is all there: half of it is as good as nothing.
-- needs observation where not (is_filled or is_empty or is_damaged or is_impossible) and value_rule = 'filled'
with

needs as (
    select
        measure_columns.measure_type_code,
        string_agg(column_name, ', ' order by measure_columns.rowid) as columns
    from catalogue.measure_columns
    inner join catalogue.submission_columns using (column_name)
    where measure_columns.is_required and submission_columns.column_kind = 'number'
    group by measure_columns.measure_type_code
),

incomplete as (
    select
        source_row,
        measure_type_code
    from observation
    where not (is_filled or is_empty or is_damaged or is_impossible) and value_rule = 'filled'
)

select
    figure.source_row,
    figure.column_name,
    '' as found,
    say('it needs {columns}') as expected,
    {'columns': needs.columns} as given
from incomplete
inner join figure on incomplete.source_row = figure.source_row
inner join needs on incomplete.measure_type_code = needs.measure_type_code
where figure.is_required and figure.number is null
