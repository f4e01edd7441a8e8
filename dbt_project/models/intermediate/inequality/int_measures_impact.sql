-- PAR = y_ref - mu and PAF = 100 PAR / mu: what the whole would gain if every group had the value of the reference.
-- Ordered: the most advantaged; unordered: the best. 0 without an interval where the reference is not better.
with

averaged as (
    select
        *,
        if(is_ordered, last_in_order, best) as target,
        -- With the average of the whole given, the shares of the groups are not needed for the estimate.
        coalesce(mu, if(null_reason = 'missing_population', setting_average, null)) as average,
    from {{ ref('int_unit_moments') }}
),

compared as (
    select
        *,
        target['y'] - average as difference,
        if(is_favourable, difference, -difference) <= {{ noise('average') }} as is_clamped,
        if(is_clamped, 0, difference) as par,
        case
            when null_reason <> 'missing_population' or setting_average is null then null_reason
        end as reason_of_average,
    from averaged
),

-- The gradient of PAR is 1[ref] - p, that of PAF 100 / mu (1[ref] - p y_ref / mu).
final as (
    select
        unit_id,
        target['group_code'] as reference_group,
        groups_used,
        unnest([
            struct_pack(
                measure := 'par',
                null_reason := coalesce(reason_of_average, if(is_favourable is null, 'no_direction', null)),
                estimate := par,
                se := if(
                    is_clamped, null, {{ root("target['s'] ^ 2 * (1 - 2 * target['p']) + pp_ss") }}
                )
            ),
            struct_pack(
                measure := 'paf',
                null_reason := case
                    when reason_of_average is not null then reason_of_average
                    when is_favourable is null then 'no_direction'
                    when average = 0 then 'zero_mean'
                end,
                estimate := 100 * par / nullif(average, 0),
                se := if(
                    is_clamped,
                    null,
                    100 / nullif(mu, 0) * {{ root(
                        "target['s'] ^ 2 * (1 - 2 * target['p'] * target['y'] / nullif(mu, 0)) "
                        "+ pp_ss * (target['y'] / nullif(mu, 0)) ^ 2"
                    ) }}
                )
            )
        ], recursive := true) as measures,
    from compared
)

select * from final
