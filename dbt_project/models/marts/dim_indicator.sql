with

last_targets as (
    select
        indicator_code,
        arg_max(target_value, target_year) as target_value,
        max(target_year) as target_year,
    from {{ ref('targets') }}
    group by indicator_code
),

final as (
    select
        indicators.*,
        themes.theme_name,
        themes.theme_kind,
        last_targets.target_value,
        last_targets.target_year,
        benchmarks.benchmark,
        benchmarks.benchmark_note,
    from {{ ref('indicators') }} as indicators
    inner join {{ ref('themes') }} as themes
        on indicators.theme_code = themes.theme_code
    left join last_targets
        on indicators.indicator_code = last_targets.indicator_code
    left join {{ ref('benchmarks') }} as benchmarks
        on indicators.indicator_code = benchmarks.indicator_code
)

select * from final
order by indicator_code
