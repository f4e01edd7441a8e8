-- Mean absolute differences, unweighted (U: each group counts the same) and weighted (W: by population): from the mean
-- (MDM), from the best group (MDB), from the reference group (MDR); and the index of disparity, 100 MDM / mu (IDIS).
{% set u = '(1::double / groups_used)' %}
with

measured as (
    select
        *,
        abs_deviation / groups_used as mdmu,
        p_abs_deviation as mdmw,
        side / groups_used as mdmu_side,
        p_side as mdmw_side,
        coalesce(null_reason, if(is_favourable is null, 'no_direction', null)) as reason_of_best,
        case
            when null_reason is not null then null_reason
            when reference is null then 'no_reference'
            when reference['y'] is null then 'reference_estimate_missing'
        end as reason_of_reference,
    from {{ ref('int_unit_moments') }}
),

-- With w = 1/J or p, and S the weighted sum of the signs, the gradient of MDM is w sign - p S, that of IDIS
-- 100 / mu (w sign - p (S + MDM / mu)). The other group of MDB and MDR has the sign 0 and the gradient -S.
unified as (
    select
        unit_id,
        mu,
        groups_used,
        unnest([
            struct_pack(
                measure := 'mdmu',
                null_reason := null_reason,
                reference_group := null::varchar,
                estimate := mdmu,
                se := {{ combined_se(u, 'side_side_ss', 'side_p_ss', '-mdmu_side', 'pp_ss') }}
            ),
            struct_pack(
                measure := 'mdmw',
                null_reason := null_reason,
                reference_group := null::varchar,
                estimate := mdmw,
                se := {{ combined_se('1', 'side_side_pp_ss', 'side_pp_ss', '-mdmw_side', 'pp_ss') }}
            ),
            {% for measure, other in [('mdb', 'best'), ('mdr', 'reference')] %}
                struct_pack(
                    measure := '{{ measure }}u',
                    null_reason := reason_of_{{ other }},
                    reference_group := {{ other }}['group_code'],
                    estimate := abs_distance_to_{{ other }} / groups_used,
                    se := {{ u }} * sqrt(side_side_ss_of_{{ other }} + side_of_{{ other }} ^ 2 * {{ other }}['s'] ^ 2)
                ),
                struct_pack(
                    measure := '{{ measure }}w',
                    null_reason := reason_of_{{ other }},
                    reference_group := {{ other }}['group_code'],
                    estimate := p_abs_distance_to_{{ other }},
                    se := sqrt(side_side_pp_ss_of_{{ other }} + p_side_of_{{ other }} ^ 2 * {{ other }}['s'] ^ 2)
                ),
            {% endfor %}
            struct_pack(
                measure := 'idisu',
                null_reason := reason_of_ratio,
                reference_group := null::varchar,
                estimate := 100 * mdmu / nullif(mu, 0),
                se := 100 / nullif(mu, 0) * {{ combined_se(
                    u, 'side_side_ss', 'side_p_ss', '-(mdmu_side + mdmu / nullif(mu, 0))', 'pp_ss'
                ) }}
            ),
            struct_pack(
                measure := 'idisw',
                null_reason := reason_of_ratio,
                reference_group := null::varchar,
                estimate := 100 * mdmw / nullif(mu, 0),
                se := 100 / nullif(mu, 0) * {{ combined_se(
                    '1', 'side_side_pp_ss', 'side_pp_ss', '-(mdmw_side + mdmw / nullif(mu, 0))', 'pp_ss'
                ) }}
            )
        ], recursive := true) as measures,
    from measured
),

-- Below the noise the signs mean nothing, so there is no standard error.
final as (
    select
        unit_id,
        measure,
        null_reason,
        reference_group,
        groups_used,
        if(estimate <= {{ noise('mu') }}, 0, estimate) as estimate,
        if(estimate <= {{ noise('mu') }}, null, se) as se,
    from unified
)

select * from final
