-- No group holds more people than all groups together, even where the others were not sent and nothing can be added up.
with

complete as (
    select
        breakdown.*,
        breakdown_code.code,
        unnest(['NUMERATOR', 'DENOMINATOR']) as column_name,
        unnest([breakdown.numerator_count, breakdown.denominator_count]) as part_count
    from breakdown
    inner join breakdown_code
        on breakdown.dimension = breakdown_code.dimension and breakdown.partition_id = breakdown_code.partition_id
),

long as (
    select
        comparable.block_id,
        comparable.source_row,
        stratum_part.dimension,
        stratum_part.code,
        stratum_part.total_stratum_id,
        total.source_row as total_row,
        unnest([
            {
                'column_name': 'NUMERATOR',
                'counted': if(comparable.counts_numerator, comparable.numerator, null),
                'total_count': total.numerator
            },
            {
                'column_name': 'DENOMINATOR',
                'counted': if(comparable.counts_denominator, comparable.denominator, null),
                'total_count': total.denominator
            }
        ], recursive := true)
    from comparable
    inner join stratum_part on comparable.stratum_id = stratum_part.stratum_id
    inner join comparable as total
        on comparable.block_id = total.block_id and stratum_part.total_stratum_id = total.stratum_id
    where comparable.numerator > total.numerator or comparable.denominator > total.denominator
)

select
    source_row,
    column_name,
    say('at most {total}, the total in row {total_row}') as expected,
    {'dimension': dimension, 'total': total_count, 'total_row': cast(total_row as varchar)} as given
from long
where
    counted > total_count + 1e-6
    -- Where no part is missing the sum says it.
    and not exists (
        select 1
        from complete
        where
            complete.part_count = complete.code_count
            and complete.block_id = long.block_id
            and complete.total_stratum_id = long.total_stratum_id
            and complete.dimension = long.dimension
            and complete.code = long.code
            and complete.column_name = long.column_name
    )
-- One finding for a cell, also where it is a group of several breakdowns.
qualify row_number() over (partition by source_row, column_name order by total_count, dimension) = 1
