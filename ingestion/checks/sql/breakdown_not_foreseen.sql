-- A breakdown that the indicator does not ask for is kept; the sender may have put a code in the wrong column.
with

foreseen as (
    select
        indicator_code,
        string_agg(dimension_code, ', ' order by rowid) as dimensions
    from catalogue.indicator_disaggregations
    group by indicator_code
)

select
    part.source_row,
    part.dimension as column_name,
    part.code as found,
    coalesce(foreseen.dimensions, 'no breakdown') as expected
from part
inner join comparable on part.source_row = comparable.source_row
left join foreseen on comparable.indicator = foreseen.indicator_code
where not exists (
    select 1
    from catalogue.indicator_disaggregations
    where
        indicator_disaggregations.indicator_code = comparable.indicator
        and indicator_disaggregations.dimension_code = part.dimension
)
