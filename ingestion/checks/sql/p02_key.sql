-- One row per figure. Of rows that are alike in every number and status, the first one is right and the others
-- are too many; of rows that differ, nobody can tell which one is right. An empty status means normal (A) and free (F).
-- needs repeated
with

compared as (
    select
        comparable.source_row,
        min(comparable.source_row) over one_figure as first_row,
        max(comparable.source_row) over one_figure as last_row,
        hash(
            numerator, denominator, obs_value, p25, p75, coalesce(obs_status, 'A'), coalesce(conf_status, 'F')
        ) as figures,
        min(figures) over one_figure = max(figures) over one_figure as are_alike
    from comparable
    inner join repeated on comparable.block_id = repeated.block_id and comparable.stratum_id = repeated.stratum_id
    -- Rows whose key is missing may be of several countries or periods.
    where comparable.ref_area is not null and comparable.time_period is not null
    window one_figure as (partition by comparable.block_id, comparable.stratum_id)
),

told as (
    select
        source_row,
        are_alike,
        if(source_row = first_row, last_row, first_row) as other_row,
        source_row - row_number() over (
            partition by are_alike, other_row - source_row
            order by source_row
        ) as run
    from compared
    where not are_alike or source_row > first_row
),

-- A block that was pasted twice is one thing to say, not one of each of its rows.
runs as (
    select
        *,
        cast(min(other_row) over one_run as varchar) as first_other_row,
        cast(max(other_row) over one_run as varchar) as last_other_row
    from told
    window one_run as (partition by are_alike, other_row - source_row, run)
)

select
    source_row,
    'INDICATOR' as column_name,
    say('one row per figure') as expected,
    case
        when are_alike and first_other_row = last_other_row
            then say('Delete this row: row {first_other_row} says the same.')
        when are_alike
            then say('Delete these rows: they repeat rows {first_other_row} to {last_other_row}.')
        when first_other_row = last_other_row
            then say('Row {first_other_row} holds other numbers. Keep the right one of the two rows and delete the other.')
        else say('Rows {first_other_row} to {last_other_row} hold other numbers. Keep the right rows and delete the others.')
    end as advice,
    {'first_other_row': first_other_row, 'last_other_row': last_other_row} as given
from runs
