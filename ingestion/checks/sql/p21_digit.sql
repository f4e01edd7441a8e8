-- In a hundred counts some end in 1 or 7; if all end in 0 or 5, they were rounded.
-- needs block where is_person_count
with

counts as (
    select
        indicator,
        source_row,
        unnest([
            {'column_name': 'NUMERATOR', 'counted': if(counts_numerator, numerator, null)},
            {'column_name': 'DENOMINATOR', 'counted': if(counts_denominator, denominator, null)}
        ], recursive := true)
    from observation
    where is_person_count
)

select
    min(source_row) as source_row,
    column_name,
    say('unrounded counts') as expected,
    {'count': count(*)} as given
from counts
where counted <> 0
group by indicator, column_name
having count(*) > parameter('P21', 'most_counts') and bool_and(counted = 5 * round(counted / 5))
