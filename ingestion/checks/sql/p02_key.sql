-- One row per figure. Of rows that are alike in every number and status, the first one is right and the others
-- are too many; of rows that differ, nobody can tell which one is right.
with

keyed as (
    select
        *,
        hash(numerator, denominator, obs_value, p25, p75, obs_status, conf_status) as content,
        min(source_row) over (partition by block_key, stratum_key) as first_row,
        max(source_row) over (partition by block_key, stratum_key) as last_row
    from comparable
),

compared as (
    select
        *,
        min(content) over (partition by block_key, stratum_key)
        = max(content) over (partition by block_key, stratum_key) as are_alike
    from keyed
    where first_row < last_row
)

select
    source_row,
    'INDICATOR' as column_name,
    'row ' || case when source_row = first_row then last_row else first_row end
    || case when are_alike then ' (the same numbers)' else ' (other numbers)' end as found,
    'one row per figure' as expected,
    case when are_alike then 'Delete this row: row ' || first_row || ' says the same.' end as proposal
from compared
where not are_alike or source_row > first_row
