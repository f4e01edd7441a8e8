-- In a hundred counts some end in 1 or 7; if all end in 0 or 5, they were rounded.
with

counts as (
    unpivot (select
        indicator,
        source_row,
        numerator,
        denominator
    from observation
    where is_person_count)
    on numerator, denominator
    into name column_name value counted
)

select
    min(source_row) as source_row,
    upper(column_name) as column_name,
    cast(count(*) as varchar) as found,
    'unrounded counts' as expected
from counts
where counted <> 0
group by indicator, column_name
having count(*) > 100 and bool_and(counted % 5 = 0)
