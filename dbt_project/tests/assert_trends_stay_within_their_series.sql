-- A change has a value or a reason; no change reaches over a break, of the headline or of the dimension.
with

trends as (
    select * from {{ ref('fct_trends') }}
),

breaks as (
    select * from {{ ref('int_series_breaks') }}
),

problems as (
    select
        trends.country_code,
        trends.indicator_code,
        trends.site_code,
        trends.dimension_code,
        trends.period,
    from trends
    semi join breaks
        on
            trends.country_code = breaks.country_code
            and trends.indicator_code = breaks.indicator_code
            and trends.site_code = breaks.site_code
            and breaks.dimension_code in ('TOTAL', trends.dimension_code)
            and trends.baseline_period < breaks.period
            and trends.period >= breaks.period

    union all

    select
        country_code,
        indicator_code,
        site_code,
        dimension_code,
        period,
    from trends
    where
        (change is null) <> (null_reason is not null)
        or (change is null) <> (baseline_period is null)
        or baseline_period >= period
        or (is_significant is null) <> (lower_ci is null)
        or (is_significant and direction not in ('improving', 'worsening', 'not_assessed'))
)

select * from problems
