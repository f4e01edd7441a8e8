-- One row per (country of the roster, indicator, site, dimension, group) in the latest expected period.
select
    estimates.indicator_code,
    estimates.site_code,
    estimates.dimension_code,
    estimates.country_code,
    estimates.group_code,
    estimates.value,
    estimates.lower_ci,
    estimates.upper_ci,
    estimates.publication_status,
    estimates.obs_status,
from marts.fct_estimates as estimates
inner join expected_period using (indicator_code, period)
inner join marts.dim_country as countries using (country_code)
where
    estimates.dimension_code not in ('TOTAL', 'CROSS')
    and countries.is_in_roster
    and expected_period.is_latest
order by all
