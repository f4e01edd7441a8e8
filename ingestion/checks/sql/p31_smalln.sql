-- A figure from few people is kept and marked.
select
    source_row,
    'DENOMINATOR' as column_name,
    cast(null as varchar) as found,
    cast(minimum_denominator_count as varchar) as expected
from observation
where has_denominator and denominator > 0 and denominator < minimum_denominator_count
