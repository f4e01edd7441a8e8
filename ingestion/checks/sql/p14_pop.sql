-- A population that is sent for a rate is that of the reference table, which all countries' rates rest on.
select
    source_row,
    'DENOMINATOR' as column_name,
    say('about {population}, the population of {period} in the reference table') as expected,
    {'population': population_count, 'period': time_period} as given
from observation
where
    measure_type_code = 'RATE100K'
    and is_total
    and abs(denominator - population_count) > population_count * parameter('P14', 'tolerance_pct') / 100
