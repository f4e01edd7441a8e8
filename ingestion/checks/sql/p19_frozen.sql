-- Real counts move: where nearly all are exactly those of the period before, the old file was copied.
-- Nobody stays nobody.
-- needs change_of_row
select
    min(source_row) as source_row,
    'NUMERATOR' as column_name,
    say('other counts than those of {earlier_period}') as expected,
    {
        'count': count(*),
        'same': count(*) filter (where is_same),
        'earlier_period': min(earlier_period)
    } as given
from (
    select
        *,
        numerator = earlier_numerator and denominator is not distinct from earlier_denominator as is_same
    from change
    where
        is_person_count
        and numerator is not null
        and earlier_numerator is not null
        and greatest(numerator, denominator) > 0
)
group by indicator, time_period
having
    count(*) >= parameter('P19', 'fewest_rows')
    and 100 * count(*) filter (where is_same) >= parameter('P19', 'most_same_pct') * count(*)
