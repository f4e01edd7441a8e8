-- What the measures of a unit are computed from: the unit, the places of its ends among its groups, and weighted sums
-- over them, named by what is summed.
-- A variance by the delta method is the sum of (gradient_j s_j)^2; where the gradient is a combination of two terms,
-- their squares and their product are summed here and combined in the measure.
with

units as (
    select * from {{ ref('int_ranked_units') }}
),

groups as (
    select
        unit_id,
        scale,
        mu,
        highest_y,
        lowest_y,
        highest_other_y,
        lowest_other_y,
        best_y,
        reference_y,
        unnest(groups, recursive := true) as group_columns,
    from units
),

-- Numbering makes DuckDB go through all groups one after the other, in one thread, and so add them up in their order.
numbered as (
    select
        *,
        row_number() over () as place,
    from groups
),

terms as (
    select
        *,
        p ^ 2 * s ^ 2 as pp_ss,
        y - mu as deviation,
        r - 0.5::double as centred_rank,
        sign(y - mu) as side,
        sign(y - best_y) as side_of_best,
        sign(y - reference_y) as side_of_reference,
        case when y > 0 and mu > 0 then ln(y / mu) end as log_rho,
    from numbered
),

sums as (
    select
        unit_id,
        bool_or(y = 0 and p > 0) as has_zero,

        -- Places among the groups; of equals the first by code.
        1 - min(place) as before_first,
        before_first + arg_min(place, group_order) as first_in_order,
        before_first + arg_max(place, group_order) as last_in_order,
        before_first + min(place) filter (where y = highest_y) as highest,
        before_first + min(place) filter (where y = lowest_y) as lowest,
        before_first + min(place) filter (where y = highest_other_y and not is_reference) as highest_other,
        before_first + min(place) filter (where y = lowest_other_y and not is_reference) as lowest_other,
        before_first + min(place) filter (where y = best_y) as best,
        before_first + min(place) filter (where is_reference) as reference,

        -- Where a step between two ranks could fit better than a curve.
        min(r) filter (where p > 0 and y > 0) as first_above_0,
        max(r) filter (where p > 0 and y > 0) as last_above_0,
        min(r) filter (where p > 0 and y < scale) as first_below_scale,
        max(r) filter (where p > 0 and y < scale) as last_below_scale,

        sum(pp_ss) as pp_ss,
        sum(pp_ss * s ^ 2 * (1 - 2 * p)) as pp_ssss_rest,

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
    from terms
    group by unit_id
),

final as (
    select
        units.*,
        sums.* exclude (unit_id, before_first),  -- noqa: RF02
    from units
    inner join sums on units.unit_id = sums.unit_id
)

select * from final
