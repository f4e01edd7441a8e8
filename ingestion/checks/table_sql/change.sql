-- Narrow and of whole numbers, because its rows are sorted: what else is known of them stands beside them in `change`.
create table change_of_row as
select *
from (
    select
        * exclude (line_id),
        -- Blocks are numbered in the order of their periods.
        lag(block_id) over line as earlier_block_id,
        lag(value) over line as earlier_value,
        lag(numerator) over line as earlier_numerator,
        lag(denominator) over line as earlier_denominator
    from (
        select source_row, true as is_current, block_id, stratum_id, line_id, numerator, denominator, value, obs_status
        from comparable
        where is_filled and not is_damaged
        {before}
    )
    window line as (partition by line_id, stratum_id order by block_id)
)
where is_current and earlier_block_id is not null;

create view change as
select
    change_of_row.*, block.line_id, block.indicator, block.time_period, block.measure_type_code,
    block.is_person_count, block.uses_denominator, stratum.is_total, earlier_block.time_period as earlier_period
from change_of_row
inner join block on change_of_row.block_id = block.block_id
inner join block as earlier_block on change_of_row.earlier_block_id = earlier_block.block_id
inner join stratum on change_of_row.stratum_id = stratum.stratum_id
