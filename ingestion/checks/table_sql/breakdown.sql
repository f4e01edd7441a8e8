create temp table breakdown as
select
    comparable.block_id, stratum_part.total_stratum_id, stratum_part.dimension,
    breakdown_code.partition_id, any_value(breakdown_code.code_count) as code_count,
    sum(numerator) as numerator, sum(denominator) as denominator,
    count(*) filter (numerator is not null or cannot_exist) as numerator_count,
    count(*) filter (denominator is not null or cannot_exist) as denominator_count,
    min(value) as smallest, max(value) as largest,
    count(*) filter (value is not null or cannot_exist) as value_count
from (select *, coalesce(obs_status = 'M', false) as cannot_exist from comparable) as comparable
inner join stratum_part on comparable.stratum_id = stratum_part.stratum_id
inner join breakdown_code
    on stratum_part.dimension = breakdown_code.dimension and stratum_part.code = breakdown_code.code
where stratum_part.total_stratum_id is not null
group by comparable.block_id, stratum_part.total_stratum_id, stratum_part.dimension, breakdown_code.partition_id
