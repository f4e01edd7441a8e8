-- SII and RII of a straight line through the groups by rank, weighted by population (Kunst and Mackenbach).
-- The sign is not turned: SII above 0 and RII above 1 mean higher among the advantaged.
with

-- The weighted mean rank is exactly one half, so the line passes through (1/2, mu).
fitted as (
    select
        *,
        p_rank_y / nullif(p_rank_rank, 0) as beta,
        mu - beta / 2 as fitted_0,
        mu + beta / 2 as fitted_1,
        1 / nullif(fitted_1, 0) as inverse_1,
        1 / nullif(fitted_0, 0) as inverse_0,
    from {{ ref('int_unit_moments') }}
    where is_ordered
),

-- With c = p (r - 1/2) / Sxx the gradient of SII is c, that of ln RII (p + c/2) / fitted_1 - (p - c/2) / fitted_0.
final as (
    select
        unit_id,
        groups_used,
        unnest([
            struct_pack(
                measure := 'sii',
                null_reason := null_reason,
                estimate := beta,
                se := sqrt(pp_ss_rank_rank) / nullif(p_rank_rank, 0)
            ),
            struct_pack(
                measure := 'rii',
                null_reason := case
                    when null_reason is not null then null_reason
                    when least(fitted_0, fitted_1) <= {{ noise('mu') }} then 'nonpositive_fitted_value'
                end,
                estimate := fitted_1 / nullif(fitted_0, 0),
                se := {{ combined_se(
                    'inverse_1 - inverse_0', 'pp_ss',
                    'pp_ss_rank',
                    '(inverse_1 + inverse_0) / (2 * nullif(p_rank_rank, 0))', 'pp_ss_rank_rank'
                ) }}
            )
        ], recursive := true) as measures,
    from fitted
)

select * from final
