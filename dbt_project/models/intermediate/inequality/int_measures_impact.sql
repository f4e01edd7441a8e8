-- PAR = y_ref - mu and PAF = 100 PAR / mu: what the whole would gain if every group had the value of the reference.
-- Ordered: the most advantaged; unordered: the best. 0 without an interval where the reference is not better.
with

averaged as (
    select
        unit_id,
        is_favourable,
        groups_used,
        mu,
        pp_ss,
        groups[if(is_ordered, last_in_order, best)] as target,
        -- With the average of the whole given, the shares of the groups are not needed for the estimate.
        coalesce(mu, if(null_reason = 'missing_population', setting_average, null)) as average,
        case
            when null_reason <> 'missing_population' or setting_average is null then null_reason
        end as reason_of_average,
    from {{ ref('int_unit_moments') }}
),

lettered as (
    select
        *,
        target['y'] as y,
        target['s'] ^ 2 as ss,
        target['p'] as p,
        if(is_favourable, y - average, average - y) <= {{ noise('average') }} as is_clamped,
        coalesce(reason_of_average, if(is_favourable is null, 'no_direction', null)) as null_reason,
    from averaged
),

-- The gradient of PAR is 1[ref] - p, that of PAF 100 / mu (1[ref] - p y_ref / mu).
final as (
    select
        unit_id,
        target['group_code'] as reference_group,
        groups_used,
        unnest([
            {
                'measure': 'par',
                'null_reason': null_reason,
                'estimate': if(is_clamped, 0, y - average),
                'variance': if(is_clamped, null, ss * (1 - 2 * p) + pp_ss)
            },
            {
                'measure': 'paf',
                'null_reason': coalesce(null_reason, if(average = 0, 'zero_mean', null)),
                'estimate': if(is_clamped, 0, 100 * (y - average) / average),
                'variance': if(is_clamped, null, (100 / mu) ^ 2 * (ss * (1 - 2 * p * y / mu) + pp_ss * (y / mu) ^ 2))
            }
        ], recursive := true) as measures,
    from lettered
)

select * from final
