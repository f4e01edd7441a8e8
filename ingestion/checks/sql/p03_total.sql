-- A breakdown of counts comes with the row of its total: without it neither sums nor disclosure can be checked.
select
    comparable.source_row,
    part.dimension as column_name,
    part.code as found,
    'a row with the total' as expected
from comparable
inner join part on comparable.source_row = part.source_row
where
    not (comparable.allows_published_value and comparable.numerator is null)
    and not exists (
        select 1
        from comparable as total
        where total.is_total and total.block_key = comparable.block_key
    )
    -- The total may be one of the rows whose codes are wrong: they have their own answer.
    and not exists (
        select 1 from unclear
        where unclear.indicator = comparable.indicator
    )
qualify row_number() over (partition by comparable.source_row order by part.dimension) = 1
