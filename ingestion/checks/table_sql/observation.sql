-- What a row describes, and what its indicator asks for, beside its numbers.
create view observation as
select observed.*, {beside}
from observed
inner join block on observed.block_id = block.block_id
inner join stratum on observed.stratum_id = stratum.stratum_id
