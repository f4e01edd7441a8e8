-- Primary suppression, once and before everything that is published: a small number of people, or what the sender
-- declares confidential, loses all its numbers. One symbol stands for all reasons, and comments go with the numbers.
with

observations as (
    select * from {{ ref('stg_observations') }}
),

-- The threshold is NULL for counts that are not counts of people.
described as (
    select
        observations.*,
        indicators.measure_type_code,
        case when indicators.is_person_count then policy.threshold_count end as threshold_count,
        coalesce(conf_statuses.handling <> 'publish', true) as is_confidential,
    from observations
    inner join {{ ref('indicators') }} as indicators
        on observations.indicator_code = indicators.indicator_code
    left join {{ ref('codes_conf_status') }} as conf_statuses
        on observations.conf_status = conf_statuses.code
    inner join {{ ref('disclosure_policy') }} as policy
        on policy.policy_code = 'default'
),

judged as (
    select
        *,
        is_confidential
        or obs_status = 'Q'
        or coalesce(numerator > 0 and numerator < threshold_count, false)
        or coalesce(denominator > 0 and denominator < threshold_count, false)
        or coalesce(
            measure_type_code = 'PROP'
            and denominator - numerator > 0
            and denominator - numerator < threshold_count,
            false
        ) as is_suppressed,
    from described
),

final as (
    select
        submission_id,
        source_row,
        country_code,
        indicator_code,
        period,
        site_code,
        stratum_id,
        dimension_code,
        group_code,
        if(is_suppressed, 'Q', obs_status) as obs_status,
        if(is_suppressed, 'C', conf_status) as conf_status,
        if(is_suppressed, null, obs_comment) as obs_comment,
        reference,
        if(is_suppressed, null, numerator) as numerator,
        if(is_suppressed, null, denominator) as denominator,
        if(is_suppressed, null, obs_value) as obs_value,
        if(is_suppressed, null, p25) as p25,
        if(is_suppressed, null, p75) as p75,
        is_suppressed,
        is_synthetic,
    from judged
)

select * from final
