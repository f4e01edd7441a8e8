-- A country far from all others may be right; it is worth a second look.
-- needs peer
with

distances as (
    select
        comparable.source_row,
        comparable.value,
        comparable.numerator,
        comparable.denominator,
        comparable.measure_type_code,
        count(peer.value) as country_count,
        median(peer.value) as middle,
        mad(peer.value) as deviation,
        quantile_cont(peer.value, 0.25) as low,
        quantile_cont(peer.value, 0.75) as high
    from comparable
    inner join peer
        on
            comparable.indicator = peer.indicator
            and comparable.time_period = peer.time_period
            and comparable.site_key = peer.site_key
            and peer.stratum_name = 'TOTAL'
    where comparable.is_total
    group by all
)

select
    source_row,
    if(numerator is null, 'OBS_VALUE', 'NUMERATOR') as column_name,
    case
        when measure_type_code = 'PROP' and numerator is not null and denominator is not null
            then say('{low} to {high} % of {denominator}, as in the middle half of {count} countries, not {value} %')
        when measure_type_code = 'RATE100K'
            then say('{low} to {high} per 100 000, as in the middle half of {count} countries, not {value}')
        else say('{low} to {high}, as in the middle half of {count} countries')
    end as expected,
    {
        'value': round(value, 2),
        'count': country_count,
        'low': round(low, 2),
        'high': round(high, 2),
        'denominator': denominator
    } as given
from distances
where
    country_count >= parameter('P22', 'fewest_countries')
    -- 1.4826 makes the median absolute deviation comparable with a standard deviation.
    and deviation > 0
    and abs(value - middle) > parameter('P22', 'most_deviations') * 1.4826 * deviation
