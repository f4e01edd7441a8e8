-- Where each country stands: among the others, against the value of the EU and against the target.
with

country_values as (
    select * from {{ ref('int_country_values') }}
),

final as (
    select
        country_values.country_code,
        country_values.indicator_code,
        country_values.period,
        country_values.site_code,
        country_values.value,
        case
            when country_values.null_reason is not null then country_values.null_reason
            when country_values.better_sign is null then 'neutral_direction'
        end as null_reason,
        ranks.country_count,
        ranks.rank,
        ranks.rank_lower,
        ranks.rank_upper,
        gaps.best_country_code,
        gaps.gap_to_best,
        gaps.gap_to_best_se,
        gaps.gap_to_best_lower_ci,
        gaps.gap_to_best_upper_ci,
        gaps.gap_to_eu,
        gaps.gap_to_eu_se,
        gaps.gap_to_eu_lower_ci,
        gaps.gap_to_eu_upper_ci,
        {{ position('gaps.gap_to_eu_lower_ci', 'gaps.gap_to_eu_upper_ci', 'gaps.better_sign') }} as eu_position,
        gaps.target_value,
        gaps.target_year,
        gaps.gap_to_target,
        gaps.gap_to_target_se,
        gaps.gap_to_target_lower_ci,
        gaps.gap_to_target_upper_ci,
        {{ position('gaps.gap_to_target_lower_ci', 'gaps.gap_to_target_upper_ci', 'gaps.better_sign') }}
            as target_position,
        funnel_limits.funnel_lower_95,
        funnel_limits.funnel_upper_95,
        funnel_limits.funnel_lower_998,
        funnel_limits.funnel_upper_998,
        coalesce(funnel_limits.funnel_position, 'not_assessed') as funnel_position,
        country_values.is_synthetic,
    from country_values
    left join {{ ref('int_country_ranks') }} as ranks
        on
            country_values.country_code = ranks.country_code
            and country_values.indicator_code = ranks.indicator_code
            and country_values.period = ranks.period
            and country_values.site_code = ranks.site_code
    left join {{ ref('int_country_gaps') }} as gaps
        on
            country_values.country_code = gaps.country_code
            and country_values.indicator_code = gaps.indicator_code
            and country_values.period = gaps.period
            and country_values.site_code = gaps.site_code
    left join {{ ref('int_funnel_limits') }} as funnel_limits
        on
            country_values.country_code = funnel_limits.country_code
            and country_values.indicator_code = funnel_limits.indicator_code
            and country_values.period = funnel_limits.period
            and country_values.site_code = funnel_limits.site_code
)

select * from final
order by country_code, indicator_code, period, site_code
