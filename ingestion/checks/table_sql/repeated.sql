create table repeated as
select block_id, stratum_id
from {observed}
group by block_id, stratum_id
having count(*) > 1
