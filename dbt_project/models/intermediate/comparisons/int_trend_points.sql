-- Everything that may change from period to period: the headline of a country, and each of its gaps. Ratios are on the
-- log scale, where their standard error is.
with

headlines as (
    select
        country_code,
        indicator_code,
        site_code,
        'TOTAL' as dimension_code,
        'value' as measure,
        period,
        value as estimate,
        se,
        null_reason,
        is_synthetic,
    from {{ ref('int_country_values') }}
),

gaps as (
    select
        country_code,
        indicator_code,
        site_code,
        dimension_code,
        measure,
        period,
        if(measure = 'r', if(estimate > 0, ln(estimate), null), estimate) as estimate,
        se,
        if(measure = 'r' and estimate = 0, 'zero_ratio', null_reason) as null_reason,
        is_synthetic,
    from {{ ref('fct_inequalities') }}
    where measure in ('d', 'r')
),

points as (
    select * from headlines
    union all by name
    select * from gaps
),

-- Breaks so far, of the headline or of the dimension: each starts another series.
final as (
    select
        points.*,
        (
            select count(distinct breaks.period)
            from {{ ref('int_series_breaks') }} as breaks
            where
                points.country_code = breaks.country_code
                and points.indicator_code = breaks.indicator_code
                and points.site_code = breaks.site_code
                and breaks.dimension_code in ('TOTAL', points.dimension_code)
                and breaks.period <= points.period
        ) as series_number,
    from points
)

select * from final
