-- One row per (country of the roster, indicator, site, `TOTAL` or dimension): the change of the headline figure, or of
-- the gap, from the first period of the unbroken series to the latest expected one.
select
    trends.indicator_code,
    trends.site_code,
    trends.dimension_code,
    trends.country_code,
    trends.baseline_period,
    trends.change,
    trends.lower_ci,
    trends.upper_ci,
    trends.direction,
from marts.fct_trends as trends
inner join expected_period using (indicator_code, period)
inner join marts.dim_country as countries using (country_code)
where
    countries.is_in_roster
    and expected_period.is_latest
    and trends.baseline = 'first'
    and trends.measure in ('value', 'd')
order by all
