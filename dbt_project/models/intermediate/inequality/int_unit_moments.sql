-- What the measures of a unit are computed from: its ends, and weighted sums over its groups, named by what is summed.
-- A variance by the delta method is the sum of (gradient_j s_j)^2; where the gradient is a combination of two terms,
-- their squares and their product are summed here and combined in the measure.
with

groups as (
    select
        *,
        struct_pack(group_code := group_code, y := y, s := s, p := p, se := se) as figures,
        y is not null and not is_reference as is_other,
        p ^ 2 * s ^ 2 as pp_ss,
        y - mu as deviation,
        r - 0.5::double as centred_rank,
        sign(y - mu) as side,
        sign(y - best_y) as side_of_best,
        sign(y - reference_y) as side_of_reference,
        case when y > 0 and mu > 0 then ln(y / mu) end as log_rho,
    from {{ ref('int_ranked_groups') }}
),

-- The last digits of a sum depend on the order of its terms, and must not change with figures of others.
in_order as (
    select * from groups
    order by unit_id, group_code
),

final as (
    select
        unit_id,
        any_value(is_ordered) as is_ordered,
        any_value(is_favourable) as is_favourable,
        any_value(is_gap_from_reference) as is_gap_from_reference,
        any_value(lower_bound) as lower_bound,
        any_value(upper_bound) as upper_bound,
        any_value(setting_average) as setting_average,
        any_value(null_reason) as null_reason,
        coalesce(any_value(null_reason), if(any_value(mu) = 0, 'zero_mean', null)) as reason_of_ratio,
        any_value(mu) as mu,
        count(*) as group_count,
        count(y) as groups_used,
        bool_or(y = 0 and p > 0) as has_zero,

        -- Of equals the first by code.
        arg_min(figures, group_order) as first_in_order,
        arg_max(figures, group_order) as last_in_order,
        arg_min(figures, (-y, group_code)) filter (where y is not null) as highest,
        arg_min(figures, (y, group_code)) filter (where y is not null) as lowest,
        arg_min(figures, (-y, group_code)) filter (where is_other) as highest_other,
        arg_min(figures, (y, group_code)) filter (where is_other) as lowest_other,
        arg_min(figures, group_code) filter (where y = best_y) as best,
        arg_min(figures, group_code) filter (where is_reference) as reference,

        sum(pp_ss) as pp_ss,
        sum(pp_ss * p ^ 2 * s ^ 2) as pppp_ssss,
        sum(pp_ss * (1 - p) ^ 2 * s ^ 2) as ppqq_ssss,

        sum(p * centred_rank * y) as p_rank_y,
        sum(p * centred_rank ^ 2) as p_rank_rank,
        sum(pp_ss * centred_rank) as pp_ss_rank,
        sum(pp_ss * centred_rank ^ 2) as pp_ss_rank_rank,

        sum(p * deviation ^ 2) as p_deviation_deviation,
        sum(pp_ss * deviation) as pp_ss_deviation,
        sum(pp_ss * deviation ^ 2) as pp_ss_deviation_deviation,

        sum(abs(deviation)) as abs_deviation,
        sum(p * abs(deviation)) as p_abs_deviation,
        sum(side) as side,
        sum(p * side) as p_side,
        sum(side ^ 2 * s ^ 2) as side_side_ss,
        sum(side * p * s ^ 2) as side_p_ss,
        sum(side ^ 2 * pp_ss) as side_side_pp_ss,
        sum(side * pp_ss) as side_pp_ss,

        {% for other in ['best', 'reference'] %}
            sum(abs(y - {{ other }}_y)) as abs_distance_to_{{ other }},
            sum(p * abs(y - {{ other }}_y)) as p_abs_distance_to_{{ other }},
            sum(side_of_{{ other }}) as side_of_{{ other }},
            sum(p * side_of_{{ other }}) as p_side_of_{{ other }},
            sum(side_of_{{ other }} ^ 2 * s ^ 2) as side_side_ss_of_{{ other }},
            sum(side_of_{{ other }} ^ 2 * pp_ss) as side_side_pp_ss_of_{{ other }},
        {% endfor %}

        sum(p * y / mu * log_rho) as p_rho_log_rho,
        sum(p * log_rho) as p_log_rho,
        sum(pp_ss * log_rho) as pp_ss_log_rho,
        sum(pp_ss * log_rho ^ 2) as pp_ss_log_rho_log_rho,
        sum(pp_ss * (1 - mu / nullif(y, 0)) ^ 2) as pp_ss_inverse_rho,
    from in_order
    group by unit_id
)

select * from final
