-- The parts of a complete breakdown add up to their total; with a group "unknown" they do not pass it.
-- A part that cannot exist (M) counts as nobody; any other empty part makes the breakdown incomplete.
-- needs breakdown where has_unknown or numerator_sum <> numerator or denominator_sum <> denominator
with

long as (
    select
        source_row,
        dimension,
        has_unknown,
        unnest([
            {
                'column_name': 'NUMERATOR',
                'counted': if(counts_numerator and numerator_count = code_count, numerator, null),
                'part_sum': numerator_sum + coalesce(unknown_numerator, 0)
            },
            {
                'column_name': 'DENOMINATOR',
                'counted': if(counts_denominator and denominator_count = code_count, denominator, null),
                'part_sum': denominator_sum + coalesce(unknown_denominator, 0)
            }
        ], recursive := true)
    from breakdown
)

select
    source_row,
    column_name,
    say('the parts by {dimension} add up to {sum}') as expected,
    {'dimension': dimension, 'sum': round(part_sum, 6)} as given
from long
where if(has_unknown, part_sum > counted + 1e-6, abs(part_sum - counted) > 1e-6)
