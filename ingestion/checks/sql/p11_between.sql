-- A weighted mean or a pooled median cannot leave the range of its parts. Published values are rounded to 0.1.
-- needs breakdown
with

ranges as (
    select
        breakdown.*,
        least(breakdown.smallest, unknown.value) as low,
        greatest(breakdown.largest, unknown.value) as high
    from breakdown
    left join unknown
        on
            breakdown.block_id = unknown.block_id
            and breakdown.total_stratum_id = unknown.total_stratum_id
            and breakdown.dimension = unknown.dimension
    where breakdown.value_count = breakdown.code_count and (unknown.value is not null or unknown.dimension is null)
)

select
    total.source_row,
    if(total.obs_value is not null, 'OBS_VALUE', 'NUMERATOR') as column_name,
    say('its parts by {dimension} lie between {low} and {high}') as expected,
    {'dimension': ranges.dimension, 'low': round(low, 2), 'high': round(high, 2), 'value': round(total.value, 2)} as given
from ranges
inner join total on ranges.block_id = total.block_id and ranges.total_stratum_id = total.stratum_id
where
    total.uses_denominator
    and (
        total.value < low - if(total.numerator is null, parameter('P11', 'tolerance_points'), 0) - 1e-9
        or total.value > high + if(total.numerator is null, parameter('P11', 'tolerance_points'), 0) + 1e-9
    )
