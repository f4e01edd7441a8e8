-- What a value of the EU is made of: the counts of its members pooled, where three of them have counts; otherwise
-- only how the values of all of them are distributed.
with

members as (
    select
        *,
        count(*) filter (where is_counted) over unit >= {{ minimum_country_count() }} as is_pooled,
    from {{ ref('int_country_values') }}
    where value is not null and is_eu
    window unit as (partition by indicator_code, period, site_code)
),

-- Sums are taken in a fixed order: the last digits of a sum of floating-point numbers depend on it.
summed as (
    select
        indicator_code,
        period,
        site_code,
        is_pooled,
        if(is_pooled, any_value(if(method = 'wilson', 'wilson', 'poisson')), 'none') as method,
        any_value(scale) as scale,
        sum(numerator order by country_code) as numerator,
        sum(denominator order by country_code) as denominator,
        sum((denominator * se) ^ 2 order by country_code) as variance_sum,
        count(*)::integer as country_count,
        sum(population_count)::bigint as population_count,
        list(value order by value) as country_values,
        min(value) as country_minimum,
        max(value) as country_maximum,
        bool_or(is_synthetic) as is_synthetic,
    from members
    where is_counted or not is_pooled
    group by indicator_code, period, site_code, is_pooled
),

pooled as (
    select
        * replace (
            if(is_pooled, numerator, null) as numerator,
            if(is_pooled, denominator, null) as denominator
        ),
    from summed
    where country_count >= {{ minimum_country_count() }}
),

final as (
    select
        * exclude (variance_sum, country_values),
        {{ quantile_of('country_values', 0.5) }} as country_median,
        {{ quantile_of('country_values', 0.25) }} as country_p25,
        {{ quantile_of('country_values', 0.75) }} as country_p75,
        scale * numerator / denominator as value,
        -- With the weights w = n / sum of n: se^2 = sum of w^2 s^2
        sqrt(variance_sum) / denominator as se,
    from pooled
)

select * from final
