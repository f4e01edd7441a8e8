-- No indicator about people counts more of them than live in the country.
-- needs observation where is_person_count and greatest(numerator, denominator)
--   > population_count * parameter('MORE_THAN_PEOPLE', 'most_pct') / 100
select
    source_row,
    if(denominator > most, 'DENOMINATOR', 'NUMERATOR') as column_name,
    say('at most the {people} people of {period}') as expected,
    {'people': population_count, 'period': time_period} as given
from (
    select *, population_count * parameter('MORE_THAN_PEOPLE', 'most_pct') / 100 as most
    from observation
    where is_person_count
)
where greatest(numerator, denominator) > most
