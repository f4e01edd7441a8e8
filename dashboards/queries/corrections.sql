-- One row per figure that a later file changed: the version that stands and the one before it.
with

versions as (
    select
        *,
        lag(columns('^(numerator|denominator|obs_value|is_suppressed)$')) over (
            partition by country_code, indicator_code, period, site_code, stratum_id
            order by vintage_number
        ) as 'previous_\0',
    from marts.obs_vintages
)

select
    country_code,
    indicator_code,
    site_code,
    period,
    stratum_id,
    previous_numerator,
    previous_denominator,
    previous_obs_value,
    previous_is_suppressed,
    numerator,
    denominator,
    obs_value,
    is_suppressed,
    first_release_id,
    submission_id,
from versions
where
    is_current
    and previous_is_suppressed is not null
    and (numerator, denominator, obs_value, is_suppressed) is distinct from
    (previous_numerator, previous_denominator, previous_obs_value, previous_is_suppressed)
order by country_code, indicator_code, site_code, period, stratum_id
