-- The headline figure of each country with all that comparing it needs. Numbers stand only where they may be compared:
-- an estimate of low reliability may be read with care, but a rank or a gap would not show the care.
with

estimates as (
    select * from {{ ref('fct_estimates') }}
    where stratum_id = 'TOTAL'
),

described as (
    select
        estimates.*,
        case indicators.direction
            when 'higher_better' then 1
            when 'lower_better' then -1
        end as better_sign,
        estimates.publication_status = 'published' as is_compared,
        is_compared and estimates.method in ('wilson', 'byar', 'exact_poisson') as is_counted,
        if(estimates.method = 'wilson', 100::double, 100000::double) as scale,
        countries.is_eu,
        populations.population_count,
    from estimates
    inner join {{ ref('indicators') }} as indicators
        on estimates.indicator_code = indicators.indicator_code
    inner join {{ ref('countries') }} as countries
        on estimates.country_code = countries.country_code
    left join {{ ref('populations') }} as populations
        on
            estimates.country_code = populations.country_code
            and left(estimates.period, 4)::integer = populations.population_year
),

final as (
    select
        country_code,
        indicator_code,
        period,
        site_code,
        if(publication_status = 'low_reliability', 'low_reliability', null_reason) as null_reason,
        method,
        if(is_compared, value, null) as value,
        if(is_compared, se, null) as se,
        if(is_compared, lower_ci, null) as lower_ci,
        if(is_compared, upper_ci, null) as upper_ci,
        if(is_counted, numerator, null) as numerator,
        if(is_counted, denominator, null) as denominator,
        is_counted,
        scale,
        better_sign,
        is_eu,
        population_count,
        is_synthetic,
    from described
)

select * from final
