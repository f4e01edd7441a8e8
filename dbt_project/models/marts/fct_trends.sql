-- The change of a headline or a gap since the first and since the previous period of its unbroken series.
with

points as (
    select
        *,
        -- What has no estimate is no baseline, and has none.
        if(estimate is null, null, struct_pack(period := period, estimate := estimate, se := se)) as figures,
    from {{ ref('int_trend_points') }}
),

with_baselines as (
    select
        *,
        row_number() over all_series as point_number,
        if(lag(figures) over unbroken is null, null, first(figures) over unbroken) as first_figures,
        lag(figures) over unbroken as previous_figures,
    from points
    window
        all_series as (
            partition by country_code, indicator_code, site_code, dimension_code, measure, estimate is null
            order by period
        ),
        unbroken as (
            partition by
                country_code, indicator_code, site_code, dimension_code, measure, estimate is null, series_number
            order by period
        )
),

compared as (
    select
        * exclude (first_figures, previous_figures),
        unnest(['first', 'previous']) as baseline,
        unnest([first_figures, previous_figures]) as baseline_figures,
    from with_baselines
),

-- A standard error of zero (all or none) is not taken for certainty.
changed as (
    select
        *,
        struct_extract(baseline_figures, 'estimate') as baseline_estimate,
        estimate - baseline_estimate as change,
        sqrt(nullif(se, 0) ^ 2 + nullif(struct_extract(baseline_figures, 'se'), 0) ^ 2) as change_se,
        change - {{ z_95() }} * change_se as lower_ci,
        change + {{ z_95() }} * change_se as upper_ci,
        lower_ci > 0 or upper_ci < 0 as is_significant,
        case
            when null_reason is not null then null_reason
            when baseline_figures is not null then null
            when point_number > 1 then 'break_in_series'
            else 'no_earlier_period'
        end as change_null_reason,
    from compared
),

final as (
    select
        changed.country_code,
        changed.indicator_code,
        changed.site_code,
        changed.dimension_code,
        changed.measure,
        changed.period,
        changed.baseline,
        struct_extract(changed.baseline_figures, 'period') as baseline_period,
        changed.change,
        changed.change_se as se,
        changed.lower_ci,
        changed.upper_ci,
        changed.is_significant,
        case
            when changed.is_significant is null or indicators.direction = 'neutral' then 'not_assessed'
            when not changed.is_significant then 'no_clear_change'
            -- A gap improves when it comes closer to none.
            when changed.measure <> 'value'
                then if(abs(changed.estimate) < abs(changed.baseline_estimate), 'improving', 'worsening')
            when (changed.change > 0) = (indicators.direction = 'higher_better') then 'improving'
            else 'worsening'
        end as direction,
        changed.change_null_reason as null_reason,
        changed.is_synthetic,
    from changed
    inner join {{ ref('indicators') }} as indicators
        on changed.indicator_code = indicators.indicator_code
)

select * from final
order by country_code, indicator_code, site_code, dimension_code, measure, period, baseline
