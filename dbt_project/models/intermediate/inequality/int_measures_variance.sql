-- Variance between groups (BGV), its root (BGSD) and the coefficient of variation (COV).
with

measured as (
    select
        *,
        p_deviation_deviation as bgv,
        if(sqrt(bgv) <= {{ noise('mu') }}, 0, sqrt(bgv)) as bgsd,
        -- Exact for normal estimates (Ahn and others 2018): BGV is quadratic in them, a gradient is not enough.
        sqrt(
            4 * pp_ss_deviation_deviation
            + 2 * (pp_ss ^ 2 - pppp_ssss + ppqq_ssss)
        ) as se_of_bgv,
    from {{ ref('int_unit_moments') }}
),

-- The gradient of BGSD is p (y - mu) / BGSD.
final as (
    select
        unit_id,
        groups_used,
        unnest([
            struct_pack(measure := 'bgv', null_reason := null_reason, estimate := bgv, se := se_of_bgv),
            struct_pack(
                measure := 'bgsd',
                null_reason := null_reason,
                estimate := bgsd,
                se := sqrt(pp_ss_deviation_deviation) / nullif(bgsd, 0)
            ),
            struct_pack(
                measure := 'cov',
                null_reason := reason_of_ratio,
                estimate := 100 * bgsd / nullif(mu, 0),
                se := {{ combined_se(
                    '100 / (nullif(bgsd, 0) * nullif(mu, 0))', 'pp_ss_deviation_deviation',
                    'pp_ss_deviation',
                    '-100 * bgsd / nullif(mu, 0) ^ 2', 'pp_ss'
                ) }}
            )
        ], recursive := true) as measures,
    from measured
)

select * from final
