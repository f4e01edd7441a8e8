-- One row per (indicator, site): how the countries of the roster spread in the latest expected period.
-- Only `published` figures decide the middle, the lowest and the highest: a figure of low reliability must not.
with

totals as (
    select
        estimates.*,
        estimates.publication_status = 'published' as is_published,
        estimates.publication_status in ('published', 'low_reliability', 'suppressed') as is_reported,
    from marts.fct_estimates as estimates
    inner join expected_period using (indicator_code, period)
    inner join marts.dim_country as countries using (country_code)
    where estimates.dimension_code = 'TOTAL' and countries.is_in_roster and expected_period.is_latest
),

final as (
    select
        indicator_code,
        site_code,
        (count(*) filter (where is_reported))::integer as reporting_count,
        (count(value) filter (where is_published))::integer as published_count,
        (count(*) filter (where is_published and value = 1))::integer as yes_count,
        min(value) filter (where is_published) as lowest,
        arg_min(country_code, (value, country_code)) filter (where is_published) as lowest_country_code,
        max(value) filter (where is_published) as highest,
        arg_max(country_code, (value, country_code)) filter (where is_published) as highest_country_code,
        median(value) filter (where is_published) as middle,
        quantile_cont(value, 0.25) filter (where is_published) as lower_quartile,
        quantile_cont(value, 0.75) filter (where is_published) as upper_quartile,
        coalesce(bool_or(is_synthetic) filter (where is_reported), false) as has_synthetic,
        coalesce(bool_or(not is_synthetic) filter (where is_reported), false) as has_real,
    from totals
    group by indicator_code, site_code
)

select * from final order by indicator_code, site_code
