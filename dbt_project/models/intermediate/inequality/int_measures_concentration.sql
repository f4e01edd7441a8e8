-- Concentration indices: absolute (ACI), relative (RCI), and for indicators with bounds those of Erreygers 2009 and
-- Wagstaff 2011. Above 0: concentrated among the advantaged.
with

-- The gradient of ACI is p (2 r - 1), twice p times the centred rank.
measured as (
    select
        *,
        2 * p_rank_y as aci,
        2 * sqrt(pp_ss_rank_rank) as se_of_aci,
        upper_bound - lower_bound as width,
        (mu - lower_bound) * (upper_bound - mu) as room,
        lower_bound + upper_bound - 2 * mu as slope_of_room,
        case
            when null_reason is not null then null_reason
            when width is null then 'no_bounds'
            when lowest['y'] < lower_bound or highest['y'] > upper_bound then 'estimate_out_of_bounds'
        end as reason_of_bounded,
    from {{ ref('int_unit_moments') }}
    where is_ordered
),

final as (
    select
        unit_id,
        groups_used,
        unnest([
            struct_pack(measure := 'aci', null_reason := null_reason, estimate := aci, se := se_of_aci),
            struct_pack(
                measure := 'rci',
                null_reason := reason_of_ratio,
                estimate := aci / nullif(mu, 0),
                se := {{ combined_se(
                    '2 / nullif(mu, 0)', 'pp_ss_rank_rank', 'pp_ss_rank', '-aci / nullif(mu, 0) ^ 2', 'pp_ss'
                ) }}
            ),
            struct_pack(
                measure := 'erreygers',
                null_reason := reason_of_bounded,
                estimate := 4 * aci / width,
                se := 4 * se_of_aci / width
            ),
            struct_pack(
                measure := 'wagstaff',
                null_reason := case
                    when reason_of_bounded is not null then reason_of_bounded
                    when room = 0 then 'mean_at_bound'
                end,
                estimate := aci * width / nullif(room, 0),
                se := {{ combined_se(
                    '2 * width / nullif(room, 0)', 'pp_ss_rank_rank',
                    'pp_ss_rank',
                    '-aci * width * slope_of_room / nullif(room, 0) ^ 2', 'pp_ss'
                ) }}
            )
        ], recursive := true) as measures,
    from measured
)

select * from final
