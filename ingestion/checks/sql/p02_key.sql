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
)

select
    source_row,
    'INDICATOR' as column_name,
    say('one row per figure') as expected,
    if(
        are_alike,
        say('Delete this row: row {other_row} says the same.'),
        say('The two rows hold different numbers. Keep the right one and delete the other.')
    ) as advice,
    {'other_row': cast(if(source_row = first_row, last_row, first_row) as varchar)} as given
from compared
where not are_alike or source_row > first_row
