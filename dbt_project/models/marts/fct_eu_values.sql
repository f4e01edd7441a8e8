-- The value of the EU, or how the values of its members are distributed where they cannot be pooled.
with

units as (
    select distinct
        indicator_code,
        period,
        site_code,
        left(period, 4)::integer as period_year,
    from {{ ref('int_country_values') }}
),

eu_populations as (
    select
        populations.population_year,
        sum(populations.population_count) as population_count,
    from {{ ref('populations') }} as populations
    inner join {{ ref('countries') }} as countries
        on populations.country_code = countries.country_code
    where countries.is_eu
    group by populations.population_year
),

poisson_limits as (
    select * from {{ ref('poisson_limits') }}
    where confidence_level = 0.95
),

final as (
    select
        units.indicator_code,
        units.period,
        units.site_code,
        case
            when eu_values.country_count is null then null
            when eu_values.is_pooled then 'pooled'
            else 'distribution'
        end as eu_basis,
        eu_values.value,
        eu_values.se,
        eu_values.scale * case eu_values.method
            when 'wilson' then {{ wilson_lower('eu_values.numerator', 'eu_values.denominator', z_95()) }}
            when 'poisson' then {{ poisson_lower('eu_values.numerator', z_95()) }} / eu_values.denominator
        end as lower_ci,
        eu_values.scale * case eu_values.method
            when 'wilson' then {{ wilson_upper('eu_values.numerator', 'eu_values.denominator', z_95()) }}
            when 'poisson' then {{ poisson_upper('eu_values.numerator', z_95()) }} / eu_values.denominator
        end as upper_ci,
        eu_values.country_median,
        eu_values.country_p25,
        eu_values.country_p75,
        eu_values.country_minimum,
        eu_values.country_maximum,
        coalesce(eu_values.country_count, 0) as country_count,
        eu_values.population_count / eu_populations.population_count as population_share,
        if(eu_values.country_count is null, 'fewer_than_3_countries', null) as null_reason,
        coalesce(eu_values.is_synthetic, false) as is_synthetic,
    from units
    left join {{ ref('int_eu_values') }} as eu_values
        on
            units.indicator_code = eu_values.indicator_code
            and units.period = eu_values.period
            and units.site_code = eu_values.site_code
    left join eu_populations
        on units.period_year = eu_populations.population_year
    left join poisson_limits
        on eu_values.numerator = poisson_limits.event_count
)

select * from final
order by indicator_code, period, site_code
