-- How stable the order of countries is: the variance of their rank sums over all periods, relative to what it would be
-- had the first order never changed (Boyle and McCarthy 1999, https://doi.org/10.1080/135048599353041).
with

ranked as (
    select
        *,
        rank() over by_value + (count(*) over ties - 1) / 2 as value_rank,
    from {{ ref('int_convergence_panel') }}
    window
        by_value as (partition by indicator_code, site_code, period order by value),
        ties as (partition by indicator_code, site_code, period, value)
),

summed as (
    select
        country_code,
        indicator_code,
        site_code,
        count(*) as period_count,
        sum(value_rank) as rank_sum,
        any_value(value_rank) filter (where period = first_period) as first_rank,
    from ranked
    group by country_code, indicator_code, site_code
),

final as (
    select
        indicator_code,
        site_code,
        var_pop(rank_sum order by country_code)
        / nullif(var_pop(period_count * first_rank order by country_code), 0) as gamma,
    from summed
    group by indicator_code, site_code
)

select * from final
