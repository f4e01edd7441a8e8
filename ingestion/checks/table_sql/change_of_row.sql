-- Narrow and of whole numbers, because its rows are sorted: what else is known of them stands beside them in `change`.
create table change_of_row as
select *
from (
    select
        * exclude (line_id),
        -- Blocks are numbered in the order of their periods.
        lag(source_row) over line as earlier_source_row,
        lag(block_id) over line as earlier_block_id,
        lag(value) over line as earlier_value,
        lag(numerator) over line as earlier_numerator,
        lag(denominator) over line as earlier_denominator,
        lag(block_id, 2) over line as older_block_id,
        lag(value, 2) over line as older_value,
        lag(numerator, 2) over line as older_numerator,
        lag(denominator, 2) over line as older_denominator
    from (
        {filled}
    )
    window line as (partition by line_id, stratum_id order by block_id)
)
where is_current and earlier_block_id is not null
