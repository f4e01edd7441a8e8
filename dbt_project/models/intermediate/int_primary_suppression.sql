-- Primary suppression: what must be hidden for its own sake, a small number of people or what the sender declares
-- confidential. Nothing is hidden yet.
with

observations as (
    select * from {{ ref('stg_observations') }}
),

-- The threshold is NULL for counts that are not counts of people. A percentage that was sent with one of its counts
-- gives the other one away.
described as (
    select
        observations.*,
        indicators.measure_type_code,
        policies.count_treatment,
        if(indicators.is_person_count, policies.threshold_count, null) as threshold_count,
        if(policies.hides_zero, 0, 1e-9) as least_hidden_count,
        coalesce(conf_statuses.handling <> 'publish', true) as is_confidential,
        indicators.measure_type_code = 'PROP' as is_proportion,
        coalesce(
            observations.numerator, if(is_proportion, observations.denominator * observations.obs_value / 100, null)
        ) as known_numerator,
        coalesce(
            observations.denominator,
            if(is_proportion, 100 * observations.numerator / nullif(observations.obs_value, 0), null)
        ) as known_denominator,
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
        * exclude (is_confidential, is_proportion, known_numerator, known_denominator),
        is_confidential
        or obs_status = 'Q'
        or coalesce(known_numerator >= least_hidden_count and known_numerator < threshold_count, false)
        or coalesce(known_denominator > 0 and known_denominator < threshold_count, false)
        or coalesce(
            is_proportion
            and known_denominator - known_numerator >= least_hidden_count
            and known_denominator - known_numerator < threshold_count,
            false
        ) as is_primary,
    from described
)

select * from final
