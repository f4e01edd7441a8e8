-- Narrow, because its rows are sorted: what else is known of them stands beside them in `change`.
create temp table change_of_row as
with reported as (
    select distinct (indicator, time_period) as block from block
    where block_id in (select block_id from observed where is_current)
)
select *
from (
    select
        * exclude (line_id, time_period),
        lag(time_period) over line as earlier_period,
        lag(value) over line as earlier_value,
        lag(numerator) over line as earlier_numerator,
        lag(denominator) over line as earlier_denominator
    from (
        select
            source_row, is_current, block_id, stratum_id, line_id, time_period,
            numerator, denominator, value, obs_status
        from comparable
        where is_filled and not is_damaged
        union all by name
        select
            source_row, is_current, block_id, stratum_id, line_id, time_period,
            numerator, denominator, value, obs_status
        from described
        where
            not is_current and is_filled
            and (indicator, time_period) not in (select block from reported where block is not null)
    )
    window line as (partition by line_id, stratum_id order by time_period)
)
where is_current and earlier_period is not null;

create view change as
select
    change_of_row.*, block.line_id, block.indicator, block.time_period, block.measure_type_code,
    block.is_person_count, block.uses_denominator, stratum.is_total
from change_of_row
inner join block on change_of_row.block_id = block.block_id
inner join stratum on change_of_row.stratum_id = stratum.stratum_id
