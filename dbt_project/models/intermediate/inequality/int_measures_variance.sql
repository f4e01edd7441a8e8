-- Variance between groups (BGV), its root (BGSD) and the coefficient of variation (COV).
with

measured as (
    select
        unit_id,
        groups_used,
        null_reason,
        reason_of_ratio,
        mu,
        pp_ss,
        pp_ss_deviation,
        pp_ss_deviation_deviation,
        pp_ssss_rest,
        p_deviation_deviation as bgv,
        if(sqrt(bgv) <= {{ noise('mu') }}, 0, sqrt(bgv)) as bgsd,
        nullif(bgsd, 0) as divisor,
    from {{ ref('int_unit_moments') }}
),

-- The gradient of BGSD is p (y - mu) / BGSD, that of COV 100 / (BGSD mu) (p (y - mu) - p BGV / mu).
final as (
    select
        unit_id,
        groups_used,
        unnest([
            {
                'measure': 'bgv',
                'null_reason': null_reason,
                'estimate': bgv,
                -- Exact for normal estimates (Ahn and others 2018): BGV is quadratic in them, a gradient is not enough.
                'variance': 4 * pp_ss_deviation_deviation + 2 * (pp_ss ^ 2 + pp_ssss_rest)
            },
            {
                'measure': 'bgsd',
                'null_reason': null_reason,
                'estimate': bgsd,
                'variance': pp_ss_deviation_deviation / divisor ^ 2
            },
            {
                'measure': 'cov',
                'null_reason': reason_of_ratio,
                'estimate': 100 * bgsd / mu,
                'variance': {{ delta_variance(
                    '100 / (divisor * mu)', 'pp_ss_deviation_deviation', 'pp_ss_deviation', '-100 * bgsd / mu ^ 2'
                ) }}
            }
        ], recursive := true) as measures,
    from measured
)

select * from final
