-- The parts of a complete breakdown add up to their total; with a group "unknown" they do not pass it.
-- A part that cannot exist (M) counts as nobody; any other empty part makes the breakdown incomplete.
with

unknowns as (
    select
        block_id,
        total_stratum_id,
        dimension,
        coalesce(sum(numerator), 0) as numerator,
        coalesce(sum(denominator), 0) as denominator
    from unknown
    group by block_id, total_stratum_id, dimension
),

compared as (
    select
        total.source_row,
        breakdown.dimension,
        unknowns.dimension is not null as has_unknown,
        if(counts_numerator and breakdown.numerator_count = code_count, total.numerator, null) as numerator,
        if(counts_denominator and breakdown.denominator_count = code_count, total.denominator, null) as denominator,
        breakdown.numerator + coalesce(unknowns.numerator, 0) as numerator_sum,
        breakdown.denominator + coalesce(unknowns.denominator, 0) as denominator_sum
    from breakdown
    inner join comparable as total
        on breakdown.block_id = total.block_id and breakdown.total_stratum_id = total.stratum_id
    left join unknowns
        on
            breakdown.block_id = unknowns.block_id
            and breakdown.total_stratum_id = unknowns.total_stratum_id
            and breakdown.dimension = unknowns.dimension
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
    where abs(numerator_sum - numerator) > 1e-6 or abs(denominator_sum - denominator) > 1e-6
)

select
    source_row,
    column_name,
    say('the parts by {dimension} add up to {sum}') as expected,
    {'dimension': dimension, 'sum': part_sum} as given
from long
where if(has_unknown, part_sum > counted + 1e-6, abs(part_sum - counted) > 1e-6)
-- One finding for a cell, also where several breakdowns contradict it.
qualify row_number() over (partition by source_row, column_name order by dimension, part_sum) = 1
