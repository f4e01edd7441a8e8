create table unknown as
select
    comparable.source_row, comparable.block_id, stratum_part.total_stratum_id, stratum_part.dimension,
    numerator, denominator, value
from comparable
inner join stratum_part on comparable.stratum_id = stratum_part.stratum_id
where stratum_part.code = '{unknown}' and stratum_part.total_stratum_id is not null
