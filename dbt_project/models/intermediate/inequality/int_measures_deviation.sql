-- Mean absolute differences, unweighted (U: each group counts the same) and weighted (W: by population): from the mean
-- (MDM), from the best group (MDB), from the reference group (MDR); and the index of disparity, 100 MDM / mu (IDIS).
with

measured as (
    select
        *,
        coalesce(null_reason, if(is_favourable is null, 'no_direction', null)) as reason_of_best,
        case
            when null_reason is not null then null_reason
            when reference is null then 'no_reference'
            when reference_y is null then 'reference_estimate_missing'
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
            {
                'measure': 'mdmu',
                'null_reason': null_reason,
                'reference_group': null,
                'estimate': abs_deviation / groups_used,
                'variance': {{ delta_variance('1 / groups_used', 'side_side_ss', 'side_p_ss', '-side / groups_used') }}
            },
            {
                'measure': 'mdmw',
                'null_reason': null_reason,
                'reference_group': null,
                'estimate': p_abs_deviation,
                'variance': {{ delta_variance('1', 'side_side_pp_ss', 'side_pp_ss', '-p_side') }}
            },
            {% for measure, other in [('mdb', 'best'), ('mdr', 'reference')] %}
                {
                    'measure': '{{ measure }}u',
                    'null_reason': reason_of_{{ other }},
                    'reference_group': groups[{{ other }}]['group_code'],
                    'estimate': abs_distance_to_{{ other }} / groups_used,
                    'variance': (
                        side_side_ss_of_{{ other }} + (side_of_{{ other }} * groups[{{ other }}]['s']) ^ 2
                    ) / groups_used ^ 2
                },
                {
                    'measure': '{{ measure }}w',
                    'null_reason': reason_of_{{ other }},
                    'reference_group': groups[{{ other }}]['group_code'],
                    'estimate': p_abs_distance_to_{{ other }},
                    'variance': side_side_pp_ss_of_{{ other }} + (p_side_of_{{ other }} * groups[{{ other }}]['s']) ^ 2
                },
            {% endfor %}
            {
                'measure': 'idisu',
                'null_reason': reason_of_ratio,
                'reference_group': null,
                'estimate': 100 * abs_deviation / groups_used / mu,
                'variance': (100 / mu) ^ 2 * {{ delta_variance(
                    '1 / groups_used', 'side_side_ss', 'side_p_ss', '-(side + abs_deviation / mu) / groups_used'
                ) }}
            },
            {
                'measure': 'idisw',
                'null_reason': reason_of_ratio,
                'reference_group': null,
                'estimate': 100 * p_abs_deviation / mu,
                'variance': (100 / mu) ^ 2 * {{ delta_variance(
                    '1', 'side_side_pp_ss', 'side_pp_ss', '-(p_side + p_abs_deviation / mu)'
                ) }}
            }
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
        if(estimate <= {{ noise('mu') }}, null, variance) as variance,
    from unified
)

select * from final
