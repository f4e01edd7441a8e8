-- A breakdown of counts comes with the row of its total: without it neither sums nor disclosure can be checked.
-- needs sent_part where not has_total
select
    comparable.source_row,
    min(part.dimension) as column_name,
    say('a row with the total') as expected
from comparable
inner join part on comparable.source_row = part.source_row
where
    comparable.block_id in (
        select block_id from sent_part
        where not has_total
    )
    and not (comparable.allows_published_value and comparable.numerator is null)
    -- The total may be one of the rows whose codes are wrong: they have their own answer.
    and not exists (
        select 1
        from unclear
        where unclear.indicator = comparable.indicator
    )
group by comparable.source_row
