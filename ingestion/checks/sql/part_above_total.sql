-- No group holds more people than all groups together, even where the others were not sent and nothing can be added up.
with

complete as (
    select distinct
        breakdown.block_id,
        breakdown.total_stratum_id,
        breakdown.dimension,
        breakdown_code.code
    from breakdown
    inner join breakdown_code
        on breakdown.dimension = breakdown_code.dimension and breakdown.partition_id = breakdown_code.partition_id
    where greatest(breakdown.numerator_count, breakdown.denominator_count) = breakdown.code_count
),

long as (
    select
        comparable.source_row,
        stratum_part.dimension,
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
    anti join complete
        on
            comparable.block_id = complete.block_id
            and stratum_part.total_stratum_id = complete.total_stratum_id
            and stratum_part.dimension = complete.dimension
            and stratum_part.code = complete.code
    where comparable.numerator > total.numerator or comparable.denominator > total.denominator
)

select
    source_row,
    column_name,
    say('at most {total}, the total in row {total_row}') as expected,
    {'dimension': dimension, 'total': total_count, 'total_row': cast(total_row as varchar)} as given
from long
where counted > total_count + 1e-6
