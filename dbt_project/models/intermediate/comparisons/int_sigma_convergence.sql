-- Whether the dispersion of the panel falls: its least-squares slope a year, and the last period less the first.
with

dispersions as (
    select * from {{ ref('int_dispersions') }}
),

final as (
    select
        indicator_code,
        site_code,
        any_value(country_count) as country_count,
        any_value(panel) as panel,
        min(mean) as lowest_mean,
        -- One period has no slope; DuckDB would say NaN.
        if(count(*) > 1, regr_slope(sd, years order by period), null) as sigma_sd_slope,
        if(count(*) > 1, regr_slope(cv, years order by period), null) as sigma_cv_slope,
        arg_max(sd, period) - arg_min(sd, period) as sigma_sd_difference,
        arg_max(cv, period) - arg_min(cv, period) as sigma_cv_difference,
        bool_or(is_synthetic) as is_synthetic,
    from dispersions
    group by indicator_code, site_code
)

select * from final
