-- What a row describes, and what its indicator asks for, beside its numbers.
create view described as
select observed.*, block.* exclude (block_id), stratum.* exclude (stratum_id)
from observed
inner join block on observed.block_id = block.block_id
inner join stratum on observed.stratum_id = stratum.stratum_id
