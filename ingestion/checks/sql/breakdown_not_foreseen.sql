-- A breakdown that the indicator does not ask for is kept; the sender may have put a code in the wrong column.
-- needs sent_part where dimension is not null and (indicator, dimension) not in (
--   select (indicator_code, dimension_code) from catalogue.indicator_disaggregations)
with

foreseen as (
    select
        indicator_code,
        string_agg(dimension_code, ', ' order by rowid) as dimensions
    from catalogue.indicator_disaggregations
    group by indicator_code
),

unforeseen as (
    select *
    from sent_part
    where not exists (
        select 1
        from catalogue.indicator_disaggregations
        where
            indicator_disaggregations.indicator_code = sent_part.indicator
            and indicator_disaggregations.dimension_code = sent_part.dimension
    )
)

select
    part.source_row,
    part.dimension as column_name,
    if(foreseen.dimensions is null, say('no breakdown'), say('a breakdown by {dimensions}')) as expected,
    {'dimensions': foreseen.dimensions} as given
from unforeseen
inner join part on unforeseen.block_id = part.block_id and unforeseen.dimension = part.dimension
left join foreseen on unforeseen.indicator = foreseen.indicator_code
