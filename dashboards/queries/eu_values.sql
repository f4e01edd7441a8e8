-- One row per (indicator, site, expected period): the value of the EU, if there is one.
select
    eu.indicator_code,
    eu.site_code,
    eu.period,
    eu.value,
    eu.lower_ci,
    eu.upper_ci,
    eu.country_count,
    eu.population_share,
from marts.fct_eu_values as eu
inner join expected_period using (indicator_code, period)
order by all
