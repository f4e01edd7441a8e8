-- Theil index (TI) and mean log deviation (MLD), both times 1000, of rho = y / mu.
with

measured as (
    select
        unit_id,
        groups_used,
        has_zero,
        mu,
        p_log_rho,
        pp_ss,
        pp_ss_log_rho,
        pp_ss_log_rho_log_rho,
        pp_ss_inverse_rho,
        -- 0 ln 0 = 0
        coalesce(p_rho_log_rho, 0) as theil,
        case
            when null_reason is not null then null_reason
            when lowest_y < 0 then 'negative_estimate'
            when mu = 0 then 'zero_mean'
        end as reason,
    from {{ ref('int_unit_moments') }}
),

-- The gradient of TI is p / mu (ln rho - TI), that of MLD p / mu (1 - 1 / rho).
final as (
    select
        unit_id,
        groups_used,
        unnest([
            {
                'measure': 'ti',
                'null_reason': reason,
                'estimate': 1000 * theil,
                'variance': if(
                    has_zero,
                    null,
                    (1000 / mu) ^ 2 * {{ delta_variance('1', 'pp_ss_log_rho_log_rho', 'pp_ss_log_rho', '-theil') }}
                )
            },
            {
                'measure': 'mld',
                'null_reason': coalesce(reason, if(has_zero, 'zero_subgroup_estimate', null)),
                'estimate': -1000 * p_log_rho,
                'variance': (1000 / mu) ^ 2 * pp_ss_inverse_rho
            }
        ], recursive := true) as measures,
    from measured
)

select * from final
