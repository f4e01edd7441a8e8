create table breakdown as
with
-- A number for each total and set of codes that make it up: a million rows are grouped by whole numbers, not by texts.
whole as (
    select
        stratum_part.stratum_id, stratum_part.total_stratum_id, stratum_part.dimension,
        breakdown_code.partition_id, breakdown_code.code_count,
        dense_rank() over (
            order by stratum_part.total_stratum_id, stratum_part.dimension, breakdown_code.partition_id
        ) as whole_id
    from stratum_part
    inner join breakdown_code
        on stratum_part.dimension = breakdown_code.dimension and stratum_part.code = breakdown_code.code
    where stratum_part.total_stratum_id is not null
),
summed as (
    select
        comparable.block_id, whole.whole_id,
        sum(numerator) as numerator_sum, sum(denominator) as denominator_sum,
        max(numerator) as largest_numerator, max(denominator) as largest_denominator,
        -- What cannot exist (M) is complete without a figure.
        count(if(obs_status = 'M', 0, numerator)) as numerator_count,
        count(if(obs_status = 'M', 0, denominator)) as denominator_count,
        count(*) as part_count, min(value) as smallest, max(value) as largest,
        count(if(obs_status = 'M', 0, value)) as value_count
    from comparable
    inner join whole on comparable.stratum_id = whole.stratum_id
    group by comparable.block_id, whole.whole_id
)
select
    summed.* exclude (whole_id), wholes.* exclude (whole_id),
    total.* exclude (block_id, stratum_id),
    unknown.dimension is not null as has_unknown, unknown.numerator as unknown_numerator,
    unknown.denominator as unknown_denominator, unknown.value as unknown_value
from summed
inner join (select distinct * exclude (stratum_id) from whole) as wholes on summed.whole_id = wholes.whole_id
inner join total on summed.block_id = total.block_id and wholes.total_stratum_id = total.stratum_id
left join unknown
    on
        summed.block_id = unknown.block_id
        and wholes.total_stratum_id = unknown.total_stratum_id
        and wholes.dimension = unknown.dimension
