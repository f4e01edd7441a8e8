-- Whether countries come closer together: how far those of a fixed panel lie apart in each period, whether that falls
-- (sigma), whether those behind catch up (beta), and whether the order changes (gamma).
with

windows as (
    select * from {{ ref('int_convergence_windows') }}
),

dispersions as (
    select
        windows.indicator_code,
        windows.site_code,
        windows.period as first_period,
        windows.period as last_period,
        dispersions.* exclude (dispersions.indicator_code, dispersions.site_code, dispersions.period),
    from windows
    left join {{ ref('int_dispersions') }} as dispersions
        on
            windows.indicator_code = dispersions.indicator_code
            and windows.site_code = dispersions.site_code
            and windows.period = dispersions.period
),

of_periods as (
    select
        *,
        case
            when coalesce(country_count, 0) < {{ minimum_country_count() }} then 'fewer_than_3_countries'
            when measure = 'delta' and better_sign is null then 'neutral_direction'
            when measure in ('gini', 'gini_weighted', 'theil') and minimum < 0 then 'negative_value'
            when measure in ('cv', 'gini', 'gini_weighted', 'theil') and mean <= 0 then 'nonpositive_mean'
            when measure = 'gini_weighted' and population_known_count < country_count then 'missing_population'
        end as null_reason,
    from dispersions
    unpivot include nulls (estimate for measure in (sd, cv, gini, gini_weighted, theil, delta))
),

whole_windows as (
    select
        windows.indicator_code,
        windows.site_code,
        windows.first_period,
        windows.last_period,
        windows.period_count,
        sigma.country_count,
        sigma.panel,
        sigma.lowest_mean,
        sigma.sigma_sd_slope,
        sigma.sigma_sd_difference,
        sigma.sigma_cv_slope,
        sigma.sigma_cv_difference,
        sigma.is_synthetic,
        beta.lowest_value,
        beta.has_differences,
        beta.beta,
        beta.beta_se,
        gamma.gamma,
    from windows
    left join {{ ref('int_sigma_convergence') }} as sigma
        on
            windows.indicator_code = sigma.indicator_code
            and windows.site_code = sigma.site_code
    left join {{ ref('int_beta_convergence') }} as beta
        on
            windows.indicator_code = beta.indicator_code
            and windows.site_code = beta.site_code
    left join {{ ref('int_gamma_convergence') }} as gamma
        on
            windows.indicator_code = gamma.indicator_code
            and windows.site_code = gamma.site_code
    where windows.period = windows.last_period
),

of_windows as (
    select
        *,
        case
            when coalesce(country_count, 0) < {{ minimum_country_count() }} then 'fewer_than_3_countries'
            when period_count < 2 then 'fewer_than_2_periods'
            when starts_with(measure, 'sigma_cv') and lowest_mean <= 0 then 'nonpositive_mean'
            when measure = 'beta' and lowest_value <= 0 then 'nonpositive_value'
            when measure = 'beta' and not has_differences then 'no_differences'
            when measure = 'gamma' and estimate is null then 'no_differences'
        end as null_reason,
    from whole_windows
    unpivot include nulls (
        estimate for measure in (
            sigma_sd_slope, sigma_sd_difference, sigma_cv_slope, sigma_cv_difference, beta, gamma
        )
    )
),

measured as (
    select * from of_periods
    union all by name
    select * from of_windows
),

estimated as (
    select
        * replace (if(null_reason is null, estimate, null) as estimate),
        if(null_reason is null and measure = 'beta', beta_se, null) as se,
        t_quantile(0.975, if(se is null, null, country_count - 2)) as quantile,
    from measured
),

final as (
    select
        estimated.indicator_code,
        estimated.site_code,
        estimated.measure,
        estimated.first_period,
        estimated.last_period,
        estimated.estimate,
        estimated.se,
        estimated.estimate - estimated.quantile * estimated.se as lower_ci,
        estimated.estimate + estimated.quantile * estimated.se as upper_ci,
        coalesce(estimated.country_count, 0) as country_count,
        estimated.panel,
        estimated.null_reason,
        indicators.hard_max is not null as is_bounded,
        coalesce(estimated.is_synthetic, false) as is_synthetic,
    from estimated
    inner join {{ ref('indicators') }} as indicators
        on estimated.indicator_code = indicators.indicator_code
)

select * from final
order by indicator_code, site_code, measure, first_period, last_period
