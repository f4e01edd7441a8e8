-- A figure from few people is kept and marked, and so is a median of nobody; a share of nobody has its own answer.
select
    source_row,
    'DENOMINATOR' as column_name,
    say('{fewest} or more') as expected,
    {'fewest': minimum_denominator_count} as given
from observation
where
    denominator < minimum_denominator_count
    and (denominator > 0 or (denominator = 0 and measure_type_code <> 'PROP'))
