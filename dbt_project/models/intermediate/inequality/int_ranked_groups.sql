-- The groups of each unit (one inequality to be measured) as the measures need them, in the letters of docs/methods:
-- y estimate, s standard error, p share of the population, r relative rank from the most disadvantaged, mu mean.
-- `null_reason`: why the measures over all groups are undefined; then p, r and mu are NULL and so is what follows.
with

counted as (
    select
        *,
        group_order is not null as is_ordered,
        count(*) over unit as group_count,
        count(estimate) over unit as estimate_count,
        count(se) filter (where estimate is not null) over unit as se_count,
        count(population) filter (where estimate is not null) over unit as population_count,
        sum(population) filter (where estimate is not null) over unit as total_population,
        sum(population * estimate order by group_code) over unit as total_estimate,
        max(estimate) over unit as highest_estimate,
        min(estimate) over unit as lowest_estimate,
        max(estimate) filter (where is_reference) over unit as reference_y,
        sum(population) over (unit order by group_order rows unbounded preceding) as population_up_to,
    from {{ ref('int_inequality_groups') }}
    window unit as (partition by unit_id)
),

judged as (
    select
        *,
        case
            when group_count < 3 then 'fewer_than_3_subgroups'
            when is_ordered and estimate_count < group_count then 'missing_subgroup_estimate'
            -- WHO's rule for groups without an order; in whole numbers, because 0.15 has no exact double.
            when 100 * (group_count - estimate_count) > 15 * group_count then 'missing_gt_15pct'
            when population_count < estimate_count then 'missing_population'
            when total_population = 0 then 'zero_population'
        end as null_reason,
    from counted
),

final as (
    select
        unit_id,
        group_code,
        group_order,
        is_ordered,
        is_favourable,
        is_reference,
        is_gap_from_reference,
        scale,
        lower_bound,
        upper_bound,
        setting_average,
        null_reason,
        estimate as y,
        case when is_favourable then highest_estimate when not is_favourable then lowest_estimate end as best_y,
        reference_y,
        se,
        -- One standard error that is missing leaves the unit without any interval.
        if(se_count = estimate_count and estimate is not null, se, null) as s,
        if(null_reason is null and estimate is not null, population / total_population, null) as p,
        if(null_reason is null, total_estimate / total_population, null) as mu,
        if(null_reason is null and is_ordered, (population_up_to - population / 2) / total_population, null) as r,
    from judged
)

select * from final
