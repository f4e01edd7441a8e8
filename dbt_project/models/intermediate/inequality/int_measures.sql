-- All measures of all units. A family without groups of its own has NULL for them. Variances of ratios are on the log
-- scale, and so are their intervals made.
with

-- Materialised, or whoever sorts the measures would hold a share of the memory for each family and never let it go.
unified as materialized (
    {% for family in ['pairs', 'impact', 'slope', 'logit', 'concentration', 'variance', 'deviation', 'entropy'] %}
        select * from {{ ref('int_measures_' ~ family) }}
        {{ "union all by name" if not loop.last }}
    {% endfor %}
),

rooted as (
    select
        *,
        measure in ('r', 'rii', 'rii_logit') as is_log_scale,
        -- Rounding may have put a variance below zero.
        sqrt(if(variance < 0, 0, variance)) as root,
    from unified
),

-- What a family computed where it has a reason, such as a quotient by zero, means nothing.
shown as (
    select
        unit_id,
        measure,
        is_log_scale,
        if(null_reason is null, estimate, null) as estimate,
        -- The limits of a ratio that is more uncertain on the log scale fit no double.
        if(null_reason is null and not (is_log_scale and root > 300), root, null) as se,
        null_reason,
        if(null_reason is null, reference_group, null) as reference_group,
        if(null_reason is null, compared_group, null) as compared_group,
        groups_used::integer as groups_used,
    from rooted
),

final as (
    select
        unit_id,
        measure,
        estimate,
        se,
        if(is_log_scale, estimate * exp(-{{ z_95() }} * se), estimate - {{ z_95() }} * se) as lower_ci,
        if(is_log_scale, estimate * exp({{ z_95() }} * se), estimate + {{ z_95() }} * se) as upper_ci,
        null_reason,
        reference_group,
        compared_group,
        groups_used,
    from shown
)

select * from final
