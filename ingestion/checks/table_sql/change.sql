create temp table change as
select *
from (
    select
        *,
        lag(time_period) over line as earlier_period,
        lag(value) over line as earlier_value,
        lag(numerator) over line as earlier_numerator,
        lag(denominator) over line as earlier_denominator
    from (
        select * exclude (is_published) from comparable
        where is_filled and not is_damaged
        union all by name
        select * exclude (is_published) from described
        where
            not is_current and is_filled
            and (indicator, time_period) not in (select block from reported where block is not null)
    )
    window line as (partition by line_id, stratum_id order by time_period)
)
where is_current and earlier_period is not null
