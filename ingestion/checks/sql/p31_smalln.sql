-- A figure from few people is kept and marked.
select
    source_row,
    'DENOMINATOR' as column_name,
    say('{fewest} or more') as expected,
    {'fewest': minimum_denominator_count} as given
from observation
where uses_denominator and denominator > 0 and denominator < minimum_denominator_count
