with

-- Read anew wherever a few of its rows are needed, which is cheaper than to keep all of them.
measured as not materialized (
    select * from {{ ref('int_measured_observations') }}
),

poisson_limits as (
    select * from {{ ref('poisson_limits') }}
    where confidence_level = 0.95
),

-- How much of a breakdown is of unknown group, in percent of what the total counts.
unknown as (
    select
        country_code,
        indicator_code,
        period,
        site_code,
        dimension_code,
        if(
            measure_type_code in ('RATE100K', 'COUNT'),
            100 * numerator / nullif(any_value(numerator) filter (where stratum_id = 'TOTAL') over unit, 0),
            100 * denominator / nullif(any_value(denominator) filter (where stratum_id = 'TOTAL') over unit, 0)
        ) as unknown_pct,
    from measured
    where group_code = 'UNK' or stratum_id = 'TOTAL'
    window unit as (partition by country_code, indicator_code, period, site_code)
    qualify group_code = 'UNK'
),

limits_of_unknown as (
    select
        max(parameter_value) filter (where parameter_name = 'mark_pct') as mark_pct,
        max(parameter_value) filter (where parameter_name = 'no_gap_pct') as no_gap_pct,
    from {{ ref('check_parameters') }}
    where rule = 'P25'
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
            when 'wilson' then 100 * {{ proportion_standard_error('measured.numerator', 'measured.denominator') }}
            when 'none' then null
            else 100000 * {{ poisson_standard_error('measured.numerator') }} / measured.denominator
        end as se,
        case measured.method
            when 'wilson' then 100 * {{ wilson_lower('measured.numerator', 'measured.denominator', z_95()) }}
            when 'none' then null
            else 100000 * {{ poisson_lower('measured.numerator', z_95()) }} / measured.denominator
        end as lower_ci,
        case measured.method
            when 'wilson' then 100 * {{ wilson_upper('measured.numerator', 'measured.denominator', z_95()) }}
            when 'none' then null
            else 100000 * {{ poisson_upper('measured.numerator', z_95()) }} / measured.denominator
        end as upper_ci,
    from measured
    left join poisson_limits
        on
            measured.method = 'exact_poisson'
            and measured.numerator = poisson_limits.event_count

    union all by name

    select * from {{ ref('int_age_standardised') }}
),

flagged as (
    select
        estimated.*,
        unknown.unknown_pct,
        coalesce(unknown.unknown_pct > limits_of_unknown.mark_pct, false) as has_many_unknown,
        coalesce(unknown.unknown_pct > limits_of_unknown.no_gap_pct, false) as has_too_many_unknown,
        estimated.null_reason is null
        and coalesce(estimated.denominator < estimated.minimum_denominator_count, false) as has_small_denominator,
        coalesce(
            coalesce(estimated.effective_event_count, estimated.numerator) < 10 or estimated.se = 0, false
        ) and estimated.method <> 'none' as is_sparse,
        estimated.null_reason is null and coalesce(estimated.obs_status = 'P', false) as is_provisional,
        estimated.null_reason is null and coalesce(estimated.obs_status = 'B', false) as is_break_in_series,
        case
            when estimated.null_reason is not null then 'not_assessed'
            when estimated.obs_status = 'U' or has_small_denominator then 'low'
            when estimated.denominator >= estimated.minimum_denominator_count then 'reliable'
            else 'not_assessed'
        end as reliability,
    from estimated
    cross join limits_of_unknown
    left join unknown
        on
            estimated.country_code = unknown.country_code
            and estimated.indicator_code = unknown.indicator_code
            and estimated.period = unknown.period
            and estimated.site_code = unknown.site_code
            and estimated.dimension_code = unknown.dimension_code
            and estimated.null_reason is null
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
    from flagged
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
        false as has_small_denominator,
        false as is_sparse,
        false as has_many_unknown,
        false as has_too_many_unknown,
        false as is_provisional,
        false as is_break_in_series,
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
        se,
        lower_ci,
        upper_ci,
        numerator,
        denominator,
        p25,
        p75,
        estimate_basis,
        method,
        reliability,
        has_small_denominator,
        is_sparse,
        unknown_pct,
        has_many_unknown,
        has_too_many_unknown,
        is_provisional,
        is_break_in_series,
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
