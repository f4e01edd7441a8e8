-- Hardly any two groups have as many people: where every denominator of a period is 100, the numerators are percentages.
-- A period may hold one figure alone, and the others as many. A median may rest on a sample of a hundred.
-- needs observation where denominator = 100
with

hundreds as (
    select
        indicator,
        min(source_row) as source_row,
        count(*) as row_count
    from observation
    where measure_type_code = 'PROP' and denominator is not null
    group by indicator, time_period
    having min(denominator) = 100 and max(denominator) = 100
)

select
    min(source_row) as source_row,
    'DENOMINATOR' as column_name,
    {'count': sum(row_count)} as given
from hundreds
group by indicator
having sum(row_count) >= parameter('PERCENT_AS_COUNT', 'fewest_rows')
