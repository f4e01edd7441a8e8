-- What is known of each unit (one inequality to be measured) before its groups are weighed: how many there are, their
-- mean mu, their extremes. `null_reason`: why the measures over all groups are undefined; then mu is NULL.
with

counted as (
    select
        unit_id,
        any_value(group_order is not null) as is_ordered,
        any_value(is_favourable) as is_favourable,
        any_value(is_gap_from_reference) as is_gap_from_reference,
        any_value(scale) as scale,
        any_value(lower_bound) as lower_bound,
        any_value(upper_bound) as upper_bound,
        any_value(setting_average) as setting_average,
        count(*) as group_count,
        count(estimate) as groups_used,
        count(se) filter (where estimate is not null) as se_count,
        count(population) filter (where estimate is not null) as population_count,
        sum(population) filter (where estimate is not null) as total_population,
        sum(population * estimate) as total_estimate,
        max(estimate) as highest_y,
        min(estimate) as lowest_y,
        max(estimate) filter (where not is_reference) as highest_other_y,
        min(estimate) filter (where not is_reference) as lowest_other_y,
        max(estimate) filter (where is_reference) as reference_y,
    from {{ one_by_one(ref('int_inequality_groups'), 'unit_id, group_code') }}
    group by unit_id
),

judged as (
    select
        *,
        case
            when group_count < 3 then 'fewer_than_3_subgroups'
            when is_ordered and groups_used < group_count then 'missing_subgroup_estimate'
            -- WHO's rule for groups without an order; in whole numbers, because 0.15 has no exact double.
            when 100 * (group_count - groups_used) > 15 * group_count then 'missing_gt_15pct'
            when population_count < groups_used then 'missing_population'
            when total_population = 0 then 'zero_population'
        end as null_reason,
    from counted
),

final as (
    select
        unit_id,
        is_ordered,
        is_favourable,
        is_gap_from_reference,
        scale,
        lower_bound,
        upper_bound,
        setting_average,
        group_count,
        groups_used,
        -- One standard error that is missing leaves the unit without any interval.
        se_count = groups_used as has_errors,
        total_population,
        if(null_reason is null, total_estimate / total_population, null) as mu,
        highest_y,
        lowest_y,
        highest_other_y,
        lowest_other_y,
        case when is_favourable then highest_y when not is_favourable then lowest_y end as best_y,
        reference_y,
        null_reason,
        coalesce(null_reason, if(mu = 0, 'zero_mean', null)) as reason_of_ratio,
    from judged
)

select * from final
