-- One row per (country of the roster, indicator, site, dimension, expected period, measure).
select
    gaps.indicator_code,
    gaps.site_code,
    gaps.dimension_code,
    gaps.country_code,
    gaps.period,
    gaps.measure,
    gaps.estimate,
    gaps.lower_ci,
    gaps.upper_ci,
    gaps.null_reason,
    gaps.reference_group,
    gaps.compared_group,
from marts.fct_inequalities as gaps
inner join marts.dim_country as countries using (country_code)
inner join expected_period using (indicator_code, period)
where countries.is_in_roster and gaps.measure in ('d', 'r')
order by all
