-- Real figures move: where nearly all are exactly those of the period before, the old file was copied. A median has its
-- people, too: the same one of other people is no copy.
-- Nobody stays nobody.
-- needs change_of_row
select
    min(source_row) as source_row,
    if(measure_type_code = 'MEDDAYS', 'OBS_VALUE', 'NUMERATOR') as column_name,
    say('other figures than those of {earlier_period}') as expected,
    {
        'count': count(*),
        'same': count(*) filter (where is_same),
        'earlier_period': min(earlier_period)
    } as given
from (
    select
        *,
        if(measure_type_code = 'MEDDAYS', value = earlier_value, numerator = earlier_numerator)
        and denominator is not distinct from earlier_denominator as is_same
    from change
    where
        is_person_count
        and (measure_type_code = 'MEDDAYS' or (numerator is not null and earlier_numerator is not null))
        and greatest(numerator, denominator) > 0
)
group by indicator, time_period, measure_type_code
having
    count(*) >= parameter('P19', 'fewest_rows')
    and 100 * count(*) filter (where is_same) >= parameter('P19', 'most_same_pct') * count(*)
