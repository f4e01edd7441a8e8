-- The round of this release.
select round_name, opens_on::varchar as opens_on, closes_on::varchar as closes_on
from catalogue.rounds
where round_id = $round_id
