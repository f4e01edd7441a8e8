{% set smallest_step = '1e-12' %}
{% set most_steps = 100 %}
{% set longest_step = 5 %}
-- SII and RII of a logistic curve through the groups by rank, for proportions: t = y / scale, pi = logit^-1(a + b r),
-- where sum of p (t - pi) (1, r) is zero. Newton's method from the mean; it needs some five to ten steps.
with recursive

groups as (
    select
        unit_id,
        p,
        r,
        s,
        scale,
        null_reason,
        mu / scale as mean_t,
        y / scale as t,
    from {{ ref('int_ranked_groups') }}
    where is_ordered
),

units as (
    select
        unit_id,
        any_value(mean_t) as mean_t,
        any_value(scale) as scale,
        count(t) as groups_used,
        list(struct_pack(p := p, t := t, r := r) order by r) as members,
        min(r) filter (where p > 0 and t > 0) as first_above_0,
        max(r) filter (where p > 0 and t > 0) as last_above_0,
        min(r) filter (where p > 0 and t < 1) as first_below_1,
        max(r) filter (where p > 0 and t < 1) as last_below_1,
        case
            when any_value(null_reason) is not null then any_value(null_reason)
            when any_value(scale) is null then 'not_a_proportion'
            when bool_or(t < 0 or t > 1) then 'estimate_out_of_bounds'
            -- A step between two ranks fits better than any curve; so does a line where all are 0 or all are 1.
            when last_below_1 <= first_above_0 or last_above_0 <= first_below_1 then 'logit_separation'
            when first_above_0 is null or first_below_1 is null then 'logit_separation'
        end as null_reason,
    from groups
    group by unit_id
),

steps as (
    select
        unit_id,
        0 as step_number,
        ln(mean_t / (1 - mean_t)) as a,
        0::double as b,
        1::double as step_size,
    from units
    where null_reason is null

    union all

    -- Far from the solution a full step can overshoot for ever; near it no step is that long.
    select
        unit_id,
        step_number + 1 as step_number,
        a + least(1, {{ longest_step }} / greatest(abs(da), abs(db))) * da as a,
        b + least(1, {{ longest_step }} / greatest(abs(da), abs(db))) * db as b,
        greatest(abs(da), abs(db)) as step_size,
    from (
        select
            unit_id,
            step_number,
            a,
            b,
            (a11 * u0 - a01 * u1) / (a00 * a11 - a01 ^ 2) as da,
            (a00 * u1 - a01 * u0) / (a00 * a11 - a01 ^ 2) as db,
        from (
            select
                unit_id,
                step_number,
                a,
                b,
                list_sum([x.p * (x.t - x.pi) for x in curve]) as u0,
                list_sum([x.p * (x.t - x.pi) * x.r for x in curve]) as u1,
                {{ logit_curvature() }}
            from (
                select
                    steps.*,
                    {{ logit_curve('steps') }}
                from steps
                inner join units on steps.unit_id = units.unit_id
                where steps.step_size > {{ smallest_step }} and steps.step_number < {{ most_steps }}
            )
        )
    )
),

ended as (
    select
        unit_id,
        arg_max(a, step_number) as a,
        arg_max(b, step_number) as b,
        min(step_size) <= {{ smallest_step }} as is_solved,
    from steps
    group by unit_id
),

fitted as (
    select
        *,
        1 / (1 + exp(-a)) as fitted_0,
        1 / (1 + exp(-a - b)) as fitted_1,
        {{ logit_curvature() }}
    from (select ended.*, {{ logit_curve('ended') }} from ended inner join units on ended.unit_id = units.unit_id)
),

-- The sandwich A^-1 [sum of p^2 (s / scale)^2 x x'] A^-1 with x = (1, r) is what the gradient of each group,
-- p x' A^-1 g, gives when squared and summed; g is the gradient of the measure by a and b.
weighed as (
    select
        groups.unit_id,
        groups.p,
        groups.r,
        groups.s / groups.scale as s,
        fitted.fitted_0,
        fitted.fitted_1,
        fitted.fitted_0 * (1 - fitted.fitted_0) as slope_0,
        fitted.fitted_1 * (1 - fitted.fitted_1) as slope_1,
        fitted.a00,
        fitted.a01,
        fitted.a11,
    from groups
    inner join fitted on groups.unit_id = fitted.unit_id
),

in_order as (
    select * from weighed
    order by unit_id, r
),

errors as (
    select
        unit_id,
        {{ delta_se(logit_gradient('slope_1 - slope_0', 'slope_1')) }} as se_of_sii,
        {{ delta_se(logit_gradient('fitted_0 - fitted_1', '1 - fitted_1')) }} as se_of_rii,
    from in_order
    group by unit_id
),

solved as (
    select
        units.unit_id,
        units.groups_used,
        units.scale,
        fitted.fitted_0,
        fitted.fitted_1,
        errors.se_of_sii,
        errors.se_of_rii,
        coalesce(units.null_reason, if(fitted.is_solved, null, 'no_convergence')) as null_reason,
    from units
    left join fitted on units.unit_id = fitted.unit_id
    left join errors on units.unit_id = errors.unit_id
),

final as (
    select
        unit_id,
        groups_used,
        unnest([
            struct_pack(
                measure := 'sii_logit',
                null_reason := null_reason,
                estimate := (fitted_1 - fitted_0) * scale,
                se := se_of_sii * scale
            ),
            struct_pack(
                measure := 'rii_logit',
                null_reason := null_reason,
                estimate := fitted_1 / fitted_0,
                se := se_of_rii
            )
        ], recursive := true) as measures,
    from solved
)

select * from final
