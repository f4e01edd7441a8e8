-- The round of this release.
select round_name, strftime(opens_on, '%-d %B %Y') as opens_on, strftime(closes_on, '%-d %B %Y') as closes_on
from catalogue.rounds
where round_id = $round_id
