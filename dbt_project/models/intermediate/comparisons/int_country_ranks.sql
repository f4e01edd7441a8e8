-- Rank 1 is the best; equal values share the lowest rank. `rank_lower` and `rank_upper` are the joint 95 % confidence
-- region of Klein, Wright and Wieczorek (2020, https://doi.org/10.1111/rssc.12402): intervals so wide that all of them
-- hold at once; a country is surely better than another where their intervals do not overlap.
with

compared as (
    select
        *,
        count(*) filter (where is_counted) over unit as interval_count,
    from {{ ref('int_country_values') }}
    where value is not null and better_sign is not null
    window unit as (partition by indicator_code, period, site_code)
),

limited as (
    select
        compared.country_code,
        compared.indicator_code,
        compared.period,
        compared.site_code,
        compared.better_sign * compared.value as merit,
        {{ joint_lower('compared', 'quantiles.quantile') }} as lower_limit,
        {{ joint_upper('compared', 'quantiles.quantile') }} as upper_limit,
        if(compared.better_sign > 0, lower_limit, -upper_limit) as merit_lower,
        if(compared.better_sign > 0, upper_limit, -lower_limit) as merit_upper,
    from compared
    left join {{ ref('joint_quantiles') }} as quantiles
        on compared.interval_count = quantiles.country_count
),

-- A country without an interval could stand anywhere: it is surely better or worse than nobody.
final as (
    select
        limited.country_code,
        limited.indicator_code,
        limited.period,
        limited.site_code,
        count(*)::integer as country_count,
        1 + count(*) filter (where others.merit > limited.merit)::integer as rank,
        if(
            any_value(limited.merit_lower) is null,
            null,
            1 + count(*) filter (where others.merit_lower > limited.merit_upper)
        )::integer as rank_lower,
        if(
            any_value(limited.merit_lower) is null,
            null,
            count(*) - count(*) filter (where others.merit_upper < limited.merit_lower)
        )::integer as rank_upper,
    from limited
    inner join limited as others
        on
            limited.indicator_code = others.indicator_code
            and limited.period = others.period
            and limited.site_code = others.site_code
    group by limited.country_code, limited.indicator_code, limited.period, limited.site_code
)

select * from final
