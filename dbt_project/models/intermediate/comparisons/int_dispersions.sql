-- How far the countries of the panel lie apart in each period.
with

panel as (
    select
        *,
        row_number() over by_value as position,
        sum(population_count) over by_value - population_count / 2 as middle_population,
        sum(value order by country_code) over unit / count(*) over unit as mean,
        sum(population_count) over unit as total_population,
        if(better_sign > 0, max(value) over unit, min(value) over unit) as best,
    from {{ ref('int_convergence_panel') }}
    window
        unit as (partition by indicator_code, site_code, period),
        by_value as (
            partition by indicator_code, site_code, period
            order by value asc, country_code asc
            rows unbounded preceding
        )
),

weighted as (
    select
        *,
        population_count / total_population as share,
        middle_population / total_population as middle_share,
    from panel
),

-- Sums are taken in a fixed order: the last digits of a sum of floating-point numbers depend on it.
final as (
    select
        indicator_code,
        site_code,
        period,
        any_value(years) as years,
        count(*)::integer as country_count,
        count(population_count) as population_known_count,
        min(value) as minimum,
        any_value(better_sign) as better_sign,
        any_value(mean) as mean,
        sqrt(sum((value - mean) ^ 2 order by country_code) / count(*)) as sd,
        sd / nullif(any_value(mean), 0) as cv,
        2 * sum(position * value order by country_code) / (count(*) * nullif(sum(value order by country_code), 0))
        - (count(*) + 1) / count(*) as gini,
        2 * sum(share * value * (middle_share - 0.5) order by country_code)
        / nullif(sum(share * value order by country_code), 0) as gini_weighted,
        sum(if(value > 0 and mean > 0, value / mean * ln(value / mean), 0) order by country_code) / count(*) as theil,
        if(any_value(better_sign) is null, null, sum(abs(best - value) order by country_code)) as delta,
        string_agg(country_code, ' ' order by country_code) as panel,
        bool_or(is_synthetic) as is_synthetic,
    from weighted
    group by indicator_code, site_code, period
)

select * from final
