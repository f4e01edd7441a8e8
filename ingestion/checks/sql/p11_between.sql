-- A weighted mean or a pooled median cannot leave the range of its parts. Published values are rounded to 0.1.
select
    source_row,
    if(obs_value is not null, 'OBS_VALUE', 'NUMERATOR') as column_name,
    say('its parts by {dimension} lie between {low} and {high}') as expected,
    {
        'dimension': dimension,
        'low': round(least(smallest, unknown_value), 4),
        'high': round(greatest(largest, unknown_value), 4),
        'value': round(value, 4)
    } as given
from breakdown
where
    uses_denominator
    and value_count = code_count
    and (unknown_value is not null or not has_unknown)
    and (
        value
        < least(smallest, unknown_value) - if(numerator is null, parameter('P11', 'tolerance_points'), 0) - 1e-9
        or value
        > greatest(largest, unknown_value) + if(numerator is null, parameter('P11', 'tolerance_points'), 0) + 1e-9
    )
