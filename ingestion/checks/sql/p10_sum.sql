-- The parts of a complete breakdown add up to their total; with a group "unknown" they do not pass it.
-- A part that cannot exist (M) counts as nobody; any other empty part makes the breakdown incomplete.
-- needs breakdown
with

compared as (
    select
        total.source_row,
        breakdown.dimension,
        unknown.dimension is not null as has_unknown,
        if(counts_numerator and breakdown.numerator_count = code_count, total.numerator, null) as numerator,
        if(counts_denominator and breakdown.denominator_count = code_count, total.denominator, null) as denominator,
        breakdown.numerator + coalesce(unknown.numerator, 0) as numerator_sum,
        breakdown.denominator + coalesce(unknown.denominator, 0) as denominator_sum
    from breakdown
    inner join total
        on breakdown.block_id = total.block_id and breakdown.total_stratum_id = total.stratum_id
    left join unknown
        on
            breakdown.block_id = unknown.block_id
            and breakdown.total_stratum_id = unknown.total_stratum_id
            and breakdown.dimension = unknown.dimension
),

long as (
    select
        source_row,
        dimension,
        has_unknown,
        unnest([
            {'column_name': 'NUMERATOR', 'counted': numerator, 'part_sum': numerator_sum},
            {'column_name': 'DENOMINATOR', 'counted': denominator, 'part_sum': denominator_sum}
        ], recursive := true)
    from compared
)

select
    source_row,
    column_name,
    say('the parts by {dimension} add up to {sum}') as expected,
    {'dimension': dimension, 'sum': part_sum} as given
from long
where if(has_unknown, part_sum > counted + 1e-6, abs(part_sum - counted) > 1e-6)
