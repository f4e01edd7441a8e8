-- Nothing that is expected is left out, nothing is reported beyond it, and each headline has an estimate.
with

expected as (
    select
        countries.country_code,
        indicators.indicator_code,
        round_periods.period,
    from {{ ref('dim_country') }} as countries
    cross join {{ ref('dim_indicator') }} as indicators
    inner join {{ ref('round_periods') }} as round_periods using (periodicity_code)
    inner join {{ ref('dim_release') }} as releases using (round_id)
    where countries.is_in_roster and releases.is_this_release
),

completeness as (
    select * from {{ ref('fct_completeness') }}
),

headlines as (
    select
        country_code,
        indicator_code,
        period,
    from completeness
    where dimension_code = 'TOTAL'
),

estimates as (
    select * from {{ ref('fct_estimates') }}
    where stratum_id = 'TOTAL'
),

problems as (
    select expected.* from expected
    anti join headlines using (country_code, indicator_code, period)

    union all

    select headlines.* from headlines
    anti join expected using (country_code, indicator_code, period)

    union all

    select expected.* from expected
    anti join estimates using (country_code, indicator_code, period)

    union all

    select
        country_code,
        indicator_code,
        period,
    from completeness
    where reported_count > expected_count
)

select * from problems
