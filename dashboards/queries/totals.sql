-- One row per (country of the roster, indicator, site, period): the estimate for all people.
select
    estimates.indicator_code,
    estimates.site_code,
    estimates.country_code,
    estimates.period,
    estimates.value,
    estimates.lower_ci,
    estimates.upper_ci,
    estimates.numerator,
    estimates.denominator,
    estimates.p25,
    estimates.p75,
    estimates.estimate_basis,
    estimates.publication_status,
    estimates.obs_status,
    estimates.is_synthetic,
    estimates.reference,
    estimates.submission_id,
from marts.fct_estimates as estimates
inner join marts.dim_country as countries using (country_code)
where estimates.dimension_code = 'TOTAL' and countries.is_in_roster
order by all
