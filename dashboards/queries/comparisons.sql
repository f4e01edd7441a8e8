-- One row per (country of the roster, indicator, site) in the latest expected period: where the country stands.
select
    comparisons.indicator_code,
    comparisons.site_code,
    comparisons.country_code,
    comparisons.country_count,
    comparisons.rank_lower,
    comparisons.rank_upper,
    comparisons.gap_to_eu,
    comparisons.eu_position,
    comparisons.funnel_lower_95,
    comparisons.funnel_upper_95,
    comparisons.funnel_lower_998,
    comparisons.funnel_upper_998,
    comparisons.funnel_position,
from marts.fct_country_comparisons as comparisons
inner join expected_period using (indicator_code, period)
inner join marts.dim_country as countries using (country_code)
where countries.is_in_roster and expected_period.is_latest
order by all
