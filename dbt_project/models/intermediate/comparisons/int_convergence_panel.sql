-- The fixed panel: countries with a figure in every period of the window and no break within it. With countries that
-- come and go, a change of dispersion would tell who reports, not who catches up.
with

figures as (
    select
        country_values.*,
        windows.first_period,
        windows.last_period,
        windows.period_count,
        -- Years since the first period; a half-year is half of one.
        (periods.period_year - first_periods.period_year)
        + (month(periods.period_start_on) - month(first_periods.period_start_on)) / 12 as years,
        breaks.period is not null as is_break,
    from {{ ref('int_country_values') }} as country_values
    inner join {{ ref('int_convergence_windows') }} as windows
        on
            country_values.indicator_code = windows.indicator_code
            and country_values.site_code = windows.site_code
            and country_values.period = windows.period
    inner join {{ ref('dim_period') }} as periods
        on windows.period = periods.period
    inner join {{ ref('dim_period') }} as first_periods
        on windows.first_period = first_periods.period
    left join {{ ref('int_series_breaks') }} as breaks
        on
            country_values.country_code = breaks.country_code
            and country_values.indicator_code = breaks.indicator_code
            and country_values.site_code = breaks.site_code
            and country_values.period = breaks.period
            and breaks.dimension_code = 'TOTAL'
    where country_values.value is not null
),

judged as (
    select
        *,
        count(*) over series = period_count as is_complete,
        bool_or(is_break and period > first_period) over series as has_break,
    from figures
    window series as (partition by country_code, indicator_code, site_code)
),

final as (
    select
        country_code,
        indicator_code,
        site_code,
        period,
        first_period,
        last_period,
        years,
        value,
        better_sign,
        population_count,
        is_synthetic,
    from judged
    where is_complete and not has_break
)

select * from final
