-- Counts of people, tests and laboratories are whole; full-time equivalents may carry one decimal.
with

counts as (
    select source_row, 'NUMERATOR' as column_name, numerator as counted, allows_fractional_count
    from observation
    where measure_type_code in ('PROP', 'COUNT', 'RATE100K')

    union all

    select source_row, 'DENOMINATOR' as column_name, denominator as counted, false as allows_fractional_count
    from observation
    where measure_type_code in ('PROP', 'MEDDAYS')
)

select
    source_row,
    column_name,
    cast(null as varchar) as found,
    case when allows_fractional_count then ' or has one decimal' else '' end as expected
from counts
where abs(counted - round(counted, if(allows_fractional_count, 1, 0))) > 1e-9
