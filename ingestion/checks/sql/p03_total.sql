-- A breakdown of counts comes with the row of its total: without it neither sums nor disclosure can be checked.
select
    observation.source_row,
    part.dimension as column_name,
    part.code as found,
    'a row with the total' as expected
from observation
inner join part on observation.source_row = part.source_row
where
    not (observation.allows_published_value and observation.numerator is null)
    and not exists (
        select 1
        from observation as total
        where total.is_total and total.block_key = observation.block_key
    )
qualify row_number() over (partition by observation.source_row order by part.dimension) = 1
