{% set smallest_step = '1e-12' %}
{% set most_steps = 100 %}
{% set longest_step = 5 %}
-- SII and RII of a logistic curve through the groups by rank, for proportions: t = y / scale, pi = logit^-1(a + b c)
-- with the centred rank c = r - 1/2, where sum of p (t - pi) (1, c) is zero. Newton's method from the mean; it needs
-- some five to ten steps.
with recursive

units as (
    select
        unit_id,
        groups_used,
        groups,
        scale,
        mu,
        pp_ss,
        pp_ss_rank,
        pp_ss_rank_rank,
        case
            when null_reason is not null then null_reason
            when scale is null then 'not_a_proportion'
            when lowest_y < 0 or highest_y > scale then 'estimate_out_of_bounds'
            -- A step between two ranks fits better than any curve; so does a line where all are 0 or all are 1.
            when last_below_scale <= first_above_0 or last_above_0 <= first_below_scale then 'logit_separation'
            when first_above_0 is null or first_below_scale is null then 'logit_separation'
        end as reason,
    from {{ ref('int_unit_moments') }}
    -- What recurs is not reached by the condition of whoever reads from it.
    where is_ordered and {{ in_part('unit_id') }}
),

-- The matrix A is the sum of p pi (1 - pi) x x' with x = (1, c). Sums follow the order of the lists.
steps as (
    select
        unit_id,
        [
            {
                'p': x['p'],
                't': x['y'] / scale,
                'c': x['r'] - 0.5
            }
            for x in groups
        ] as members,
        0 as step_number,
        1::double as step_size,
        ln(mu / (scale - mu)) as a,
        0::double as b,
        0::double as a00,
        0::double as a01,
        0::double as a11,
    from units
    where reason is null

    union all

    -- Far from the solution a full step can overshoot for ever; near it no step is that long.
    select
        unit_id,
        members,
        step_number + 1 as step_number,
        greatest(abs(da), abs(db)) as step_size,
        a + least(1, {{ longest_step }} / greatest(abs(da), abs(db))) * da as a,
        b + least(1, {{ longest_step }} / greatest(abs(da), abs(db))) * db as b,
        a00,
        a01,
        a11,
    from (
        select
            *,
            (a11 * u0 - a01 * u1) / (a00 * a11 - a01 ^ 2) as da,
            (a00 * u1 - a01 * u0) / (a00 * a11 - a01 ^ 2) as db,
        from (
            select
                unit_id,
                members,
                step_number,
                a,
                b,
                list_sum([x['residual'] for x in curve]) as u0,
                list_sum([x['residual'] * x['c'] for x in curve]) as u1,
                list_sum([x['slope'] for x in curve]) as a00,
                list_sum([x['slope'] * x['c'] for x in curve]) as a01,
                list_sum([x['slope'] * x['c'] ^ 2 for x in curve]) as a11,
            from (
                select
                    unit_id,
                    members,
                    step_number,
                    a,
                    b,
                    [
                        {
                            'c': x['c'],
                            'residual': x['p'] * (x['t'] - x['pi']),
                            'slope': x['p'] * x['pi'] * (1 - x['pi'])
                        }
                        for x in [
                            {
                                'c': x['c'],
                                'p': x['p'],
                                't': x['t'],
                                'pi': 1 / (1 + exp(-a - b * x['c']))
                            }
                            for x in members
                        ]
                    ] as curve,
                from steps
                where step_size > {{ smallest_step }} and step_number < {{ most_steps }}
            )
        )
    )
),

fitted as (
    select
        unit_id,
        step_size <= {{ smallest_step }} as is_solved,
        1 / (1 + exp(-a + b / 2)) as fitted_0,
        1 / (1 + exp(-a - b / 2)) as fitted_1,
        fitted_0 * (1 - fitted_0) as slope_0,
        fitted_1 * (1 - fitted_1) as slope_1,
        a00,
        a01,
        a11,
        a00 * a11 - a01 ^ 2 as determinant,
    from steps
    where step_size <= {{ smallest_step }} or step_number = {{ most_steps }}
),

-- The gradient of each group is p x' A^-1 g, where g is the gradient of the measure by a and b: p c times the one, and
-- p times the other.
weighed as (
    select
        unit_id,
        is_solved,
        fitted_0,
        fitted_1,
        {% for measure, by_a, by_b in [
            ('sii', 'slope_1 - slope_0', '(slope_0 + slope_1) / 2'),
            ('rii', 'fitted_0 - fitted_1', '1 - (fitted_0 + fitted_1) / 2'),
        ] %}
            (({{ by_b }}) * a00 - ({{ by_a }}) * a01) / determinant as rank_in_{{ measure }},
            (({{ by_a }}) * a11 - ({{ by_b }}) * a01) / determinant as one_in_{{ measure }},
        {% endfor %}
    from fitted
),

solved as (
    select
        units.unit_id,
        units.groups_used,
        units.scale,
        units.pp_ss,
        units.pp_ss_rank,
        units.pp_ss_rank_rank,
        weighed.fitted_0,
        weighed.fitted_1,
        weighed.rank_in_sii,
        weighed.one_in_sii,
        weighed.rank_in_rii,
        weighed.one_in_rii,
        coalesce(units.reason, if(weighed.is_solved, null, 'no_convergence')) as reason_of_curve,
    from units
    left join weighed on units.unit_id = weighed.unit_id
),

final as (
    select
        unit_id,
        groups_used,
        unnest([
            {
                'measure': 'sii_logit',
                'null_reason': reason_of_curve,
                'estimate': (fitted_1 - fitted_0) * scale,
                'variance': {{ delta_variance('rank_in_sii', 'pp_ss_rank_rank', 'pp_ss_rank', 'one_in_sii') }}
            },
            {
                'measure': 'rii_logit',
                'null_reason': reason_of_curve,
                'estimate': fitted_1 / fitted_0,
                'variance': {{
                    delta_variance('rank_in_rii', 'pp_ss_rank_rank', 'pp_ss_rank', 'one_in_rii')
                }} / scale ^ 2
            }
        ], recursive := true) as measures,
    from solved
)

select * from final
