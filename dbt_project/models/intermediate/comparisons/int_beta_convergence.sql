-- Whether countries that were behind grow faster: g = ln(y_T / y_0) / T on x = ln(y_0), by least squares; the classical
-- standard error has n - 2 degrees of freedom. Sums are taken in a fixed order.
with

ends as (
    select
        starts.country_code,
        starts.indicator_code,
        starts.site_code,
        least(starts.value, panel.value) as lower_value,
        if(lower_value > 0, ln(starts.value), null) as x,
        if(lower_value > 0, ln(panel.value / starts.value) / panel.years, null) as g,
    from {{ ref('int_convergence_panel') }} as panel
    inner join {{ ref('int_convergence_panel') }} as starts
        on
            panel.country_code = starts.country_code
            and panel.indicator_code = starts.indicator_code
            and panel.site_code = starts.site_code
            and panel.first_period = starts.period
    where panel.period = panel.last_period and panel.years > 0
),

centred as (
    select
        *,
        max(x) over unit > min(x) over unit as has_differences,
        x - sum(x order by country_code) over unit / count(*) over unit as dx,
        g - sum(g order by country_code) over unit / count(*) over unit as dg,
    from ends
    window unit as (partition by indicator_code, site_code)
),

sloped as (
    select
        *,
        if(has_differences, sum(dx * dg order by country_code) over unit, null)
        / nullif(sum(dx ^ 2 order by country_code) over unit, 0) as slope,
    from centred
    window unit as (partition by indicator_code, site_code)
),

final as (
    select
        indicator_code,
        site_code,
        min(lower_value) as lowest_value,
        bool_or(has_differences) as has_differences,
        any_value(slope) as beta,
        (sum(g order by country_code) - any_value(slope) * sum(x order by country_code)) / count(*) as beta_intercept,
        sum((dg - slope * dx) ^ 2 order by country_code) as residual_sum,
        sqrt(residual_sum / nullif(count(*) - 2, 0) / nullif(sum(dx ^ 2 order by country_code), 0)) as beta_se,
        1 - residual_sum / nullif(sum(dg ^ 2 order by country_code), 0)
        * (count(*) - 1) / nullif(count(*) - 2, 0) as beta_adjusted_r2,
    from sloped
    group by indicator_code, site_code
)

select * from final
