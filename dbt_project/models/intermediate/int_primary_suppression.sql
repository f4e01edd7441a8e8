-- Primary suppression: what must be hidden for its own sake, a small number of people or what the sender declares
-- confidential. Nothing is hidden yet.
with

observations as (
    select * from {{ ref('stg_observations') }}
),

-- The threshold is NULL for counts that are not counts of people.
described as (
    select
        observations.*,
        indicators.measure_type_code,
        policies.count_treatment,
        if(indicators.is_person_count, policies.threshold_count, null) as threshold_count,
        if(policies.hides_zero, 0, 1e-9) as least_hidden_count,
        coalesce(conf_statuses.handling <> 'publish', true) as is_confidential,
    from observations
    inner join {{ ref('indicators') }} as indicators
        on observations.indicator_code = indicators.indicator_code
    inner join {{ ref('int_disclosure_policies') }} as policies
        on
            observations.country_code = policies.country_code
            and observations.indicator_code = policies.indicator_code
    left join {{ ref('codes_conf_status') }} as conf_statuses
        on observations.conf_status = conf_statuses.code
),

final as (
    select
        * exclude (is_confidential),
        is_confidential
        or obs_status = 'Q'
        or coalesce(numerator >= least_hidden_count and numerator < threshold_count, false)
        or coalesce(denominator > 0 and denominator < threshold_count, false)
        or coalesce(
            measure_type_code = 'PROP'
            and denominator - numerator >= least_hidden_count
            and denominator - numerator < threshold_count,
            false
        ) as is_primary,
    from described
)

select * from final
