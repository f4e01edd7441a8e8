-- Each unit (one inequality to be measured) with its groups as the measures need them, in the letters of docs/methods:
-- y estimate, s standard error, p share of the population, r relative rank from the most disadvantaged, mu mean.
-- `null_reason`: why the measures over all groups are undefined; then p, r and mu are NULL and so is what follows.
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
        count(population) filter (where estimate is not null) as population_count,
        -- One standard error that is missing leaves the unit without any interval.
        count(se) filter (where estimate is not null) = groups_used as has_errors,
        max(estimate) as highest_y,
        min(estimate) as lowest_y,
        max(estimate) filter (where not is_reference) as highest_other_y,
        min(estimate) filter (where not is_reference) as lowest_other_y,
        max(estimate) filter (where is_reference) as reference_y,
        -- By code: the last digits of a sum depend on the order of its terms.
        list_sort(list({
            'group_code': group_code,
            'group_order': group_order,
            'is_reference': is_reference,
            'y': estimate,
            'se': se,
            'population': if(estimate is not null, population, null)
        })) as members,
    from {{ ref('int_inequality_groups') }}
    group by unit_id
),

judged as (
    select
        *,
        list_sum([x['population'] for x in members]) as total_population,
        case
            when group_count < 3 then 'fewer_than_3_subgroups'
            when is_ordered and groups_used < group_count then 'missing_subgroup_estimate'
            -- WHO's rule for groups without an order; in whole numbers, because 0.15 has no exact double.
            when 100 * (group_count - groups_used) > 15 * group_count then 'missing_gt_15pct'
            when population_count < groups_used then 'missing_population'
            when total_population = 0 then 'zero_population'
        end as null_reason,
        if(null_reason is null, total_population, null) as shared_population,
        if(is_ordered, shared_population, null) as ranked_population,
    from counted
),

final as (
    select
        * exclude (members, population_count, has_errors, total_population, shared_population, ranked_population),
        list_sum([x['population'] * x['y'] for x in members]) / shared_population as mu,
        coalesce(null_reason, if(mu = 0, 'zero_mean', null)) as reason_of_ratio,
        case when is_favourable then highest_y when not is_favourable then lowest_y end as best_y,
        [
            {
                'group_code': x['group_code'],
                'group_order': x['group_order'],
                'is_reference': x['is_reference'],
                'y': x['y'],
                'se': x['se'],
                's': if(has_errors and x['y'] is not null, x['se'], null),
                'p': x['population'] / shared_population,
                'r': (
                    coalesce(list_sum([
                        other['population'] for other in members if other['group_order'] < x['group_order']
                    ]), 0)
                    + x['population'] / 2
                ) / ranked_population
            }
            for x in members
        ] as groups,
    from judged
)

select * from final
