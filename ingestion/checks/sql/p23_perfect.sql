-- Exactly none or all of many may be a placeholder.
select
    source_row,
    'NUMERATOR' as column_name,
    say('more than none and fewer than all of {denominator}') as expected,
    {'value': round(value, 2), 'denominator': denominator} as given
from observation
where
    measure_type_code = 'PROP'
    and is_person_count
    and denominator > parameter('P23', 'most_people')
    and numerator in (0, denominator)
