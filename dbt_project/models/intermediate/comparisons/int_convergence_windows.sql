-- The periods over which countries are compared: of those that the round asks for, the ones in which at least half of
-- the countries have a figure that have one at all. A period that few have reported would leave few in the panel.
with

figures as (
    select country_values.*
    from {{ ref('int_country_values') }} as country_values
    inner join {{ ref('int_expected_periods') }} as expected_periods
        on
            country_values.indicator_code = expected_periods.indicator_code
            and country_values.period = expected_periods.period
    where country_values.value is not null
),

reporting as (
    select
        indicator_code,
        site_code,
        count(distinct country_code) as country_count,
    from figures
    group by indicator_code, site_code
),

periods as (
    select
        indicator_code,
        site_code,
        period,
        count(*) as country_count,
    from figures
    group by indicator_code, site_code, period
),

final as (
    select
        periods.indicator_code,
        periods.site_code,
        periods.period,
        min(periods.period) over unit as first_period,
        max(periods.period) over unit as last_period,
        count(*) over unit as period_count,
    from periods
    inner join reporting
        on
            periods.indicator_code = reporting.indicator_code
            and periods.site_code = reporting.site_code
    where 2 * periods.country_count >= reporting.country_count
    window unit as (partition by periods.indicator_code, periods.site_code)
)

select * from final
