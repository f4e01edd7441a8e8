-- Hardly any two groups have as many people: where every denominator is 100, the numerators are percentages.
-- needs observation where denominator = 100
select
    min(source_row) as source_row,
    'DENOMINATOR' as column_name,
    {'count': count(*)} as given
from observation
where denominator is not null
group by indicator
having
    count(*) >= parameter('PERCENT_AS_COUNT', 'fewest_rows')
    and min(denominator) = 100
    and max(denominator) = 100
