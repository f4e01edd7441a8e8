-- The current version of each observation is the observation.
with

observations as (
    select * from {{ ref('fct_observations') }}
),

current_vintages as (
    select * from {{ ref('obs_vintages') }}
    where is_current
)

select
    country_code,
    indicator_code,
    period,
    site_code,
    stratum_id,
from observations
full join current_vintages using (country_code, indicator_code, period, site_code, stratum_id)
where
    observations.country_code is null
    or current_vintages.country_code is null
    or observations.numerator is distinct from current_vintages.numerator
    or observations.denominator is distinct from current_vintages.denominator
    or observations.obs_value is distinct from current_vintages.obs_value
    or observations.is_suppressed is distinct from current_vintages.is_suppressed
