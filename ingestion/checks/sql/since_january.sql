-- A second half-year that holds the first one, too, is larger than it every year, and the next first one is small again.
-- needs change_of_row
-- needs block where ends_with(time_period, '-S2')
with

beside as (
    select
        change.source_row,
        change.time_period,
        change.earlier_period,
        older_block.time_period as older_period,
        if(change.measure_type_code = 'COUNT', 'NUMERATOR', 'DENOMINATOR') as column_name,
        if(change.measure_type_code = 'COUNT', numerator, denominator) as counted,
        if(change.measure_type_code = 'COUNT', earlier_numerator, earlier_denominator) as earlier_count,
        if(change.measure_type_code = 'COUNT', older_numerator, older_denominator) as older_count
    from change
    inner join block as older_block on change.older_block_id = older_block.block_id
    where change.is_total
)

select
    source_row,
    column_name,
    say('the count of this half-year alone; {earlier_period} had {earlier_count}, {older_period} had {older_count}')
        as expected,
    {
        'earlier_period': earlier_period,
        'earlier_count': earlier_count,
        'older_period': older_period,
        'older_count': older_count
    } as given
from beside
where
    ends_with(time_period, '-S2')
    and ends_with(earlier_period, '-S1')
    and ends_with(older_period, '-S2')
    and earlier_count >= parameter('SINCE_JANUARY', 'fewest_cases')
    and least(counted, older_count) >= parameter('SINCE_JANUARY', 'least_times') * earlier_count
