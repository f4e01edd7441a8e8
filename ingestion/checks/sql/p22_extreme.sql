-- A country far from all others may be right; it is worth a second look.
-- needs peer
with

distances as (
    select
        comparable.source_row,
        comparable.value,
        comparable.denominator,
        comparable.is_value_of_numerator,
        comparable.population_count,
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
    if(is_value_of_numerator, 'NUMERATOR', 'OBS_VALUE') as column_name,
    case
        when measure_type_code = 'PROP' and is_value_of_numerator
            then say('{low_count} to {high_count} of {denominator} ({low} to {high} %, not {value} %)')
        when measure_type_code = 'RATE100K'
            then say('{low_count} to {high_count} ({low} to {high} per 100 000, not {value})')
        when measure_type_code = 'MEDDAYS' then say('{low} to {high} days')
        else say('{low} to {high}')
    end as expected,
    {
        'value': round(value, 2),
        'count': country_count,
        'low': round(low, 2),
        'high': round(high, 2),
        'denominator': denominator,
        'low_count': ceil(low * if(measure_type_code = 'PROP', denominator / 100, population_count / 100000)),
        'high_count': floor(high * if(measure_type_code = 'PROP', denominator / 100, population_count / 100000))
    } as given
from distances
where
    country_count >= parameter('P22', 'fewest_countries')
    -- 1.4826 makes the median absolute deviation comparable with a standard deviation.
    and deviation > 0
    and abs(value - middle) > parameter('P22', 'most_deviations') * 1.4826 * deviation
