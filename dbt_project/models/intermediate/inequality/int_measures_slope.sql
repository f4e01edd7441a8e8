-- SII and RII of a straight line through the groups by rank, weighted by population (Kunst and Mackenbach).
-- The sign is not turned: SII above 0 and RII above 1 mean higher among the advantaged.
with

-- The weighted mean rank is exactly one half, so the line passes through (1/2, mu).
fitted as (
    select
        unit_id,
        groups_used,
        null_reason,
        mu,
        p_rank_y,
        nullif(p_rank_rank, 0) as sxx,
        pp_ss,
        pp_ss_rank,
        pp_ss_rank_rank,
        p_rank_y / sxx as beta,
        mu - beta / 2 as fitted_0,
        mu + beta / 2 as fitted_1,
    from {{ ref('int_unit_moments') }}
    where is_ordered
),

-- With c = r - 1/2 the gradient of SII is p c / Sxx, that of ln RII
-- p (1 + c / 2 Sxx) / fitted_1 - p (1 - c / 2 Sxx) / fitted_0 = mu / (fitted_0 fitted_1 Sxx) (p c - p beta Sxx / mu).
final as (
    select
        unit_id,
        groups_used,
        unnest([
            {
                'measure': 'sii',
                'null_reason': null_reason,
                'estimate': beta,
                'variance': pp_ss_rank_rank / sxx ^ 2
            },
            {
                'measure': 'rii',
                'null_reason': case
                    when null_reason is not null then null_reason
                    when least(fitted_0, fitted_1) <= {{ noise('mu') }} then 'nonpositive_fitted_value'
                end,
                'estimate': fitted_1 / fitted_0,
                'variance': {{ delta_variance(
                    'mu / (fitted_0 * fitted_1 * sxx)', 'pp_ss_rank_rank', 'pp_ss_rank', '-beta / (fitted_0 * fitted_1)'
                ) }}
            }
        ], recursive := true) as measures,
    from fitted
)

select * from final
