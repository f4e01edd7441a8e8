-- One row per (country of the roster, indicator, site, dimension, group, expected period); of dimensions without an order
-- the latest period only.
select
    estimates.indicator_code,
    estimates.site_code,
    estimates.dimension_code,
    estimates.country_code,
    estimates.group_code,
    estimates.stratum_id,
    estimates.period,
    estimates.value,
    estimates.lower_ci,
    estimates.upper_ci,
    estimates.publication_status,
    estimates.obs_status,
from marts.fct_estimates as estimates
inner join expected_period using (indicator_code, period)
inner join catalogue.dimensions as dimensions using (dimension_code)
inner join marts.dim_country as countries using (country_code)
where
    estimates.dimension_code not in ('TOTAL', 'CROSS')
    and countries.is_in_roster
    and (expected_period.is_latest or dimensions.is_ordered)
order by all
