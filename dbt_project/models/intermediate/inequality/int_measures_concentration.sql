-- Concentration indices: absolute (ACI), relative (RCI), and for indicators with bounds those of Erreygers 2009 and
-- Wagstaff 2011. Above 0: concentrated among the advantaged.
with

measured as (
    select
        unit_id,
        groups_used,
        null_reason,
        reason_of_ratio,
        mu,
        pp_ss,
        pp_ss_rank,
        pp_ss_rank_rank,
        2 * p_rank_y as aci,
        upper_bound - lower_bound as width,
        (mu - lower_bound) * (upper_bound - mu) as room,
        lower_bound + upper_bound - 2 * mu as slope_of_room,
        case
            when null_reason is not null then null_reason
            when upper_bound - lower_bound is null then 'no_bounds'
            when lowest_y < lower_bound or highest_y > upper_bound then 'estimate_out_of_bounds'
        end as reason_of_bounded,
    from {{ ref('int_unit_moments') }}
    where is_ordered
),

-- The gradient of ACI is p (2 r - 1), that of a quotient ACI / q with the derivative q' by mu 1 / q (2 p (r - 1/2)
-- - p q' ACI / q); q is mu for RCI, room / width for Wagstaff.
final as (
    select
        unit_id,
        groups_used,
        unnest([
            {
                'measure': 'aci',
                'null_reason': null_reason,
                'estimate': aci,
                'variance': 4 * pp_ss_rank_rank
            },
            {
                'measure': 'rci',
                'null_reason': reason_of_ratio,
                'estimate': aci / mu,
                'variance': {{ delta_variance('2 / mu', 'pp_ss_rank_rank', 'pp_ss_rank', '-aci / mu ^ 2') }}
            },
            {
                'measure': 'erreygers',
                'null_reason': reason_of_bounded,
                'estimate': 4 * aci / width,
                'variance': (8 / width) ^ 2 * pp_ss_rank_rank
            },
            {
                'measure': 'wagstaff',
                'null_reason': coalesce(reason_of_bounded, if(room = 0, 'mean_at_bound', null)),
                'estimate': aci * width / room,
                'variance': {{ delta_variance(
                    '2 * width / room', 'pp_ss_rank_rank', 'pp_ss_rank', '-aci * width * slope_of_room / room ^ 2'
                ) }}
            }
        ], recursive := true) as measures,
    from measured
)

select * from final
