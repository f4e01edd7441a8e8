-- Whoever writes an indicator once above its rows means it of all of them.
create table nameless as
select
    below.source_row,
    above.indicator
from (from submission where indicator is null) as below
asof join (from submission where indicator is not null) as above on below.source_row > above.source_row
