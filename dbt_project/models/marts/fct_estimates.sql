with

measured as (
    select * from {{ ref('int_measured_observations') }}
),

poisson_limits as (
    select * from {{ ref('poisson_limits') }}
    where confidence_level = 0.95
),

estimated as (
    select
        measured.*,
        case
            when measured.null_reason is not null then null
            when measured.method = 'wilson' then 100 * measured.numerator / measured.denominator
            when measured.measure_type_code = 'RATE100K' then 100000 * measured.numerator / measured.denominator
            when measured.measure_type_code = 'COUNT' then measured.numerator
            else measured.obs_value
        end as value,
        case measured.method
            when 'wilson' then 100 * {{ wilson_lower('measured.numerator', 'measured.denominator') }}
            when 'byar' then 100000 * {{ byar_lower('measured.numerator') }} / measured.denominator
            when 'exact_poisson' then 100000 * poisson_limits.lower_limit / measured.denominator
        end as lower_ci,
        case measured.method
            when 'wilson' then 100 * {{ wilson_upper('measured.numerator', 'measured.denominator') }}
            when 'byar' then 100000 * {{ byar_upper('measured.numerator') }} / measured.denominator
            when 'exact_poisson' then 100000 * poisson_limits.upper_limit / measured.denominator
        end as upper_ci,
        case
            when measured.null_reason is not null then 'not_assessed'
            when measured.obs_status = 'U' or measured.denominator < measured.minimum_denominator_count then 'low'
            when measured.denominator >= measured.minimum_denominator_count then 'reliable'
            else 'not_assessed'
        end as reliability,
    from measured
    left join poisson_limits
        on
            measured.method = 'exact_poisson'
            and measured.numerator = poisson_limits.event_count
),

-- What is not shown shows no part of itself.
shown as (
    select
        * replace (
            if(null_reason is null, numerator, null) as numerator,
            if(null_reason is null, denominator, null) as denominator,
            if(null_reason is null, p25, null) as p25,
            if(null_reason is null, p75, null) as p75
        ),
        case
            when null_reason is null then if(reliability = 'low', 'low_reliability', 'published')
            when null_reason = 'suppressed' then 'suppressed'
            when null_reason in ('not_reported', 'impossible_count') then 'not_reported'
            else 'not_applicable'
        end as publication_status,
    from estimated
),

-- Missing is a row.
not_reported as (
    select
        expected.country_code,
        expected.indicator_code,
        expected.period,
        expected.site_code,
        'TOTAL' as stratum_id,
        'TOTAL' as dimension_code,
        'TOTAL' as group_code,
        'none' as method,
        'not_assessed' as reliability,
        'not_reported' as publication_status,
        'not_reported' as null_reason,
        false as is_synthetic,
    from {{ ref('int_expected_sites') }} as expected
    anti join measured
        on
            expected.country_code = measured.country_code
            and expected.indicator_code = measured.indicator_code
            and expected.period = measured.period
            and expected.site_code = measured.site_code
            and measured.stratum_id = 'TOTAL'
),

unified as (
    select * from shown
    union all by name
    select * from not_reported
),

final as (
    select
        country_code,
        indicator_code,
        period,
        site_code,
        stratum_id,
        dimension_code,
        group_code,
        value,
        lower_ci,
        upper_ci,
        numerator,
        denominator,
        p25,
        p75,
        estimate_basis,
        method,
        reliability,
        publication_status,
        null_reason,
        obs_status,
        is_synthetic,
        reference,
        submission_id,
    from unified
)

select * from final
order by country_code, indicator_code, period, site_code, stratum_id
