-- What one table hides, no other one shows.
select estimates.*
from {{ ref('fct_estimates') }} as estimates
inner join {{ ref('fct_observations') }} as observations
    using (country_code, indicator_code, period, site_code, stratum_id)
where
    observations.is_suppressed
    and (
        estimates.publication_status <> 'suppressed'
        or coalesce(
            observations.numerator, observations.denominator, observations.obs_value, observations.p25, observations.p75
        ) is not null
        or observations.obs_comment is not null
    )
