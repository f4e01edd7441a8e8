-- The two groups that a gap stands between. Ordered dimensions: the most and the least advantaged, subtracted so that
-- a positive difference means that the advantaged are better off. Unordered: the highest less the lowest.
-- `reference_group` is always the better-off of the two by order or by value.
with

-- Between the ends of an order, a hidden or missing group changes nothing; without an order, it could be an end.
groups as (
    select
        *,
        group_order is not null as is_ordered,
        coalesce(null_reason = 'not_applicable', false) as is_impossible,
        group_order is null
        or group_order = min(group_order) over unit
        or group_order = max(group_order) over unit as is_decisive,
        struct_pack(group_code := group_code, value := value, standard_error := standard_error) as figures,
    from {{ ref('int_compared_groups') }}
    window unit as (partition by country_code, indicator_code, period, site_code, dimension_code)
),

paired as (
    select
        country_code,
        indicator_code,
        period,
        site_code,
        dimension_code,
        -- Without an order, a group that cannot exist is left out; an order is not what it was without its end.
        case
            when dimension_code = 'NUTS2' and count(*) = 1 then 'single_region'
            when bool_or(is_impossible and is_decisive and is_ordered) then 'not_applicable'
            when count(*) filter (where not is_impossible) < 2
                then if(bool_or(is_impossible), 'not_applicable', 'missing_group')
            when bool_or(null_reason = 'suppressed_group' and is_decisive) then 'suppressed_group'
            when bool_or(null_reason = 'missing_group' and is_decisive) then 'missing_group'
            when bool_or(null_reason = 'low_reliability_group' and is_decisive) then 'low_reliability_group'
        end as null_reason,
        count(value)::integer as groups_used,
        any_value(is_lower_better) as is_lower_better,
        any_value(is_ordered) as is_ordered,
        bool_or(is_synthetic) as is_synthetic,
        first(figures order by group_order asc) as first_in_order,
        first(figures order by group_order desc) as last_in_order,
        first(figures order by value desc nulls last, group_code asc) as highest,
        first(figures order by value asc nulls last, group_code asc) as lowest,
    from groups
    group by country_code, indicator_code, period, site_code, dimension_code
),

subtracted as (
    select
        *,
        case
            when not is_ordered then highest
            when is_lower_better then first_in_order
            else last_in_order
        end as minuend,
        case
            when not is_ordered then lowest
            when is_lower_better then last_in_order
            else first_in_order
        end as subtrahend,
    from paired
),

final as (
    select
        country_code,
        indicator_code,
        period,
        site_code,
        dimension_code,
        null_reason,
        struct_extract(if(is_lower_better, subtrahend, minuend), 'group_code') as reference_group,
        struct_extract(if(is_lower_better, minuend, subtrahend), 'group_code') as compared_group,
        struct_extract(minuend, 'value') as y1,
        struct_extract(minuend, 'standard_error') as s1,
        struct_extract(subtrahend, 'value') as y2,
        struct_extract(subtrahend, 'standard_error') as s2,
        groups_used,
        is_synthetic,
    from subtracted
)

select * from final
