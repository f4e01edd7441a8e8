-- The three columns that say what a row describes are filled in every row. Where a key is written once above its rows,
-- or the rows around one agree, it is known what belongs there.
-- needs submission where indicator is null or ref_area is null or time_period is null
with

keys as (
    select
        source_row,
        unnest(['INDICATOR', 'REF_AREA', 'TIME_PERIOD']) as column_name,
        unnest([indicator, ref_area, time_period]) as code
    from submission
),

beside as (
    select
        *,
        last_value(code ignore nulls) over above as code_above,
        first_value(code ignore nulls) over below as code_below,
        lag(code is null, 1, false) over above or lead(code is null, 1, false) over above as is_in_gap
    from keys
    window
        above as (partition by column_name order by source_row),
        below as (partition by column_name order by source_row rows between current row and unbounded following)
)

select
    source_row,
    column_name,
    say('a code') as expected,
    if(is_in_gap or code_above = code_below, code_above, null) as proposal
from beside
where code is null
