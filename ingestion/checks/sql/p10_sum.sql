-- The parts of a complete breakdown add up to their total; with a group "unknown", or without one of the parts, they do
-- not pass it. Where one part alone passes it, that part has its own answer.
-- A part that cannot exist (M) counts as nobody; any other empty part makes the breakdown incomplete.
-- needs breakdown where has_unknown or numerator_sum <> numerator or denominator_sum <> denominator
with

long as (
    select
        source_row,
        dimension,
        code_count,
        has_unknown,
        unnest([
            {
                'column_name': 'NUMERATOR',
                'counted': if(counts_numerator, numerator, null),
                'part_sum': numerator_sum + coalesce(unknown_numerator, 0),
                'part_count': numerator_count,
                'largest_part': greatest(largest_numerator, unknown_numerator)
            },
            {
                'column_name': 'DENOMINATOR',
                'counted': if(counts_denominator, denominator, null),
                'part_sum': denominator_sum + coalesce(unknown_denominator, 0),
                'part_count': denominator_count,
                'largest_part': greatest(largest_denominator, unknown_denominator)
            }
        ], recursive := true)
    from breakdown
)

select
    source_row,
    column_name,
    if(
        part_count = code_count,
        say('the parts by {dimension} add up to {sum}'),
        say('the parts by {dimension} add up to {sum} already, and not all of them are there')
    ) as expected,
    {'dimension': dimension, 'sum': round(part_sum, 6)} as given
from long
where
    if(has_unknown or part_count < code_count, part_sum > counted + 1e-6, abs(part_sum - counted) > 1e-6)
    and (part_count = code_count or largest_part <= counted + 1e-6)
-- What two sets of age classes say is said once.
qualify row_number() over (partition by source_row, column_name, dimension order by part_sum desc) = 1
