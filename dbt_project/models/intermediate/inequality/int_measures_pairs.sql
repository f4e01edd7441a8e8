-- D = y1 - y2 and R = y1 / y2 of two groups. Ordered: the most and the least advantaged, subtracted so that a positive
-- difference means that the advantaged are better off. Unordered: the reference and the group farthest behind it,
-- without a reference the highest and the lowest.
with

paired as (
    select
        unit_id,
        groups_used,
        coalesce(is_favourable, true) as is_higher_better,
        -- An indicator without a direction has no side that is behind: a reference cannot be used.
        not is_ordered
        and is_gap_from_reference
        and reference is not null
        and is_favourable is not null as has_reference,
        case
            when group_count < 2 then 'fewer_than_2_subgroups'
            when is_ordered and groups[first_in_order]['y'] + groups[last_in_order]['y'] is null
                then 'missing_extreme_subgroup'
            when has_reference and reference_y is null then 'reference_estimate_missing'
            when groups_used < 2 then 'fewer_than_2_subgroups'
        end as null_reason,
        groups[case
            when is_ordered then if(is_higher_better, last_in_order, first_in_order)
            when not has_reference then highest
            when is_favourable then reference
            else highest_other
        end] as minuend,
        groups[case
            when is_ordered then if(is_higher_better, first_in_order, last_in_order)
            when not has_reference then lowest
            when is_favourable then lowest_other
            else reference
        end] as subtrahend,
    from {{ ref('int_unit_moments') }}
),

-- A pair needs the standard errors of its two groups only.
lettered as (
    select
        *,
        minuend['y'] as y1,
        minuend['se'] as s1,
        subtrahend['y'] as y2,
        subtrahend['se'] as s2,
        if(is_higher_better, minuend, subtrahend)['group_code'] as reference_group,
        if(is_higher_better, subtrahend, minuend)['group_code'] as compared_group,
    from paired
),

final as (
    select
        unit_id,
        reference_group,
        compared_group,
        groups_used,
        unnest([
            {
                'measure': 'd',
                'null_reason': null_reason,
                'estimate': y1 - y2,
                'variance': s1 ^ 2 + s2 ^ 2
            },
            -- A ratio needs values above zero; a first value of zero gives the ratio 0, which has no interval.
            {
                'measure': 'r',
                'null_reason': case
                    when null_reason is not null then null_reason
                    when y1 < 0 or y2 < 0 then 'negative_estimate'
                    when y2 = 0 then 'zero_denominator'
                end,
                'estimate': y1 / y2,
                'variance': if(y1 > 0, (s1 / y1) ^ 2 + (s2 / y2) ^ 2, null)
            }
        ], recursive := true) as measures,
    from lettered
)

select * from final
