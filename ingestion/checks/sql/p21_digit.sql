-- In a hundred counts some end in 1 or 7; if all end in 0 or 5, they were rounded.
-- needs block where is_person_count
select
    min(source_row) as source_row,
    column_name,
    say('unrounded counts') as expected,
    {'count': count(*)} as given
from figure
where is_person_count and is_count and number <> 0
group by indicator, column_name
having count(*) > parameter('P21', 'most_counts') and bool_and(number = 5 * round(number / 5))
