-- A base that is ten times what it was counts other people, or counts them in thousands.
-- needs change_of_row where greatest(denominator / earlier_denominator, earlier_denominator / denominator)
--   >= parameter('SIZE_JUMP', 'most_times')
with

jumps as (
    select *
    from change
    where is_of_another_size and obs_status is distinct from 'B'
)

select
    source_row,
    earlier_source_row as beside_row,
    'DENOMINATOR' as column_name,
    say('near {earlier_denominator}, the denominator of {earlier_period}') as expected,
    {'earlier_denominator': earlier_denominator, 'earlier_period': earlier_period} as given
from jumps
-- A base that is back where it was before the last jump is not the one to look at.
where not exists (
    select 1
    from jumps as earlier_jump
    where
        earlier_jump.source_row = jumps.earlier_source_row
        and greatest(
            jumps.denominator / earlier_jump.earlier_denominator, earlier_jump.earlier_denominator / jumps.denominator
        ) < parameter('SIZE_JUMP', 'most_times')
)
