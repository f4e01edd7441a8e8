-- The three columns that say what a row describes are filled in every row.
-- needs submission where indicator is null or ref_area is null or time_period is null
select
    source_row,
    'INDICATOR' as column_name,
    say('a code') as expected
from submission
where indicator is null

union all

select
    source_row,
    'REF_AREA' as column_name,
    say('a code') as expected
from submission
where ref_area is null

union all

select
    source_row,
    'TIME_PERIOD' as column_name,
    say('a code') as expected
from submission
where time_period is null
