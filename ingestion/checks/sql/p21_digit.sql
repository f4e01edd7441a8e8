-- In a hundred counts some end in 1 or 7; if all end in 0 or 5, they were rounded.
-- needs block where is_person_count
with

counts as (
    select
        indicator,
        unnest([
            {
                'column_name': 'NUMERATOR',
                'source_row': min(source_row) filter (counts_numerator and numerator <> 0),
                'counted': count(*) filter (counts_numerator and numerator <> 0),
                'are_round': bool_and(numerator % 5 = 0) filter (counts_numerator)
            },
            {
                'column_name': 'DENOMINATOR',
                'source_row': min(source_row) filter (counts_denominator and denominator <> 0),
                'counted': count(*) filter (counts_denominator and denominator <> 0),
                'are_round': bool_and(denominator % 5 = 0) filter (counts_denominator)
            }
        ], recursive := true)
    from observation
    where is_person_count
    group by indicator
)

select
    source_row,
    column_name,
    say('unrounded counts') as expected,
    {'count': counted} as given
from counts
where counted > parameter('P21', 'most_counts') and are_round
