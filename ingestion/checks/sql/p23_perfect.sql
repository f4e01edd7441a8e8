-- Exactly none or all of more than a hundred may be a placeholder.
select
    source_row,
    'NUMERATOR' as column_name,
    case when numerator = 0 then '0 %' else '100 %' end as found,
    '100' as expected
from observation
where measure_type_code = 'PROP' and is_person_count and denominator > 100 and numerator in (0, denominator)
