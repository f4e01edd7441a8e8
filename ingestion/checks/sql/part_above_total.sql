-- No group holds more people than all groups together, even where the others were not sent and nothing can be added up.
-- needs stratum_part
with

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
    inner join total
        on comparable.block_id = total.block_id and stratum_part.total_stratum_id = total.stratum_id
    where comparable.numerator > total.numerator or comparable.denominator > total.denominator
),

above as (
    select *
    from long
    where counted > total_count + 1e-6
),

-- Where no part is missing the sum says it.
complete as (
    select
        above.source_row,
        above.column_name,
        above.dimension
    from above
    inner join breakdown_code on above.dimension = breakdown_code.dimension and above.code = breakdown_code.code
    inner join (from breakdown where block_id in (select block_id from above)) as breakdown
        on
            above.block_id = breakdown.block_id
            and above.total_stratum_id = breakdown.total_stratum_id
            and breakdown_code.dimension = breakdown.dimension
            and breakdown_code.partition_id = breakdown.partition_id
    where
        breakdown.code_count
        = if(above.column_name = 'NUMERATOR', breakdown.numerator_count, breakdown.denominator_count)
)

select
    source_row,
    column_name,
    say('at most {total}, the total in row {total_row}') as expected,
    {'dimension': dimension, 'total': total_count, 'total_row': cast(total_row as varchar)} as given
from above
where (source_row, column_name, dimension) not in (select (source_row, column_name, dimension) from complete)
-- One finding for a cell, also where it is a group of several breakdowns.
qualify row_number() over (partition by source_row, column_name order by total_count, dimension) = 1
