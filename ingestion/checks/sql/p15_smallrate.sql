-- A rate from fewer than ten events is shown with an exact interval and is not standardised.
select
    source_row,
    'NUMERATOR' as column_name,
    cast(null as varchar) as found,
    '10' as expected
from observation
where measure_type_code = 'RATE100K' and is_total and numerator >= 0 and numerator < 10
