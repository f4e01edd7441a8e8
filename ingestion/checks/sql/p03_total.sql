-- A breakdown of counts comes with the row of its total: without it neither sums nor disclosure can be checked.
-- needs stratum_part
with

without_total as (
    select block_id
    from comparable
    group by block_id
    having not bool_or(is_total)
)

select
    comparable.source_row,
    min(part.dimension) as column_name,
    say('a row with the total') as expected
from comparable
inner join without_total on comparable.block_id = without_total.block_id
inner join stratum_part as part on comparable.stratum_id = part.stratum_id
where
    not (comparable.allows_published_value and comparable.numerator is null)
    -- The total may be one of the rows whose codes are wrong: they have their own answer.
    and not exists (
        select 1
        from unclear
        where unclear.indicator = comparable.indicator
    )
group by comparable.source_row
