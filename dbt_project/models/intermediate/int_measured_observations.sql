-- What each observation can be computed from, or why it cannot: `null_reason` is NULL where there is a value.
with

observations as (
    select * from {{ ref('fct_observations') }}
),

-- The reference table has the population of whole countries; a group's rate rests on the population sent with it.
with_population as (
    select
        observations.*,
        indicators.measure_type_code,
        indicators.minimum_denominator_count,
        indicators.allows_published_value,
        populations.population_count,
    from observations
    inner join {{ ref('indicators') }} as indicators
        on observations.indicator_code = indicators.indicator_code
    left join {{ ref('populations') }} as populations
        on
            observations.country_code = populations.country_code
            and left(observations.period, 4)::integer = populations.population_year
            and observations.stratum_id = 'TOTAL'
            and populations.population_count > 0
),

with_basis as (
    select
        * replace (
            if(measure_type_code = 'RATE100K' and stratum_id = 'TOTAL', population_count, denominator) as denominator
        ),
        case
            when measure_type_code = 'PROP' and (numerator is null or denominator is null) and allows_published_value
                then 'published_value'
            when measure_type_code in ('PROP', 'RATE100K', 'COUNT')
                then 'counts'
            else 'reported_value'
        end as basis,
    from with_population
),

with_reason as (
    select
        *,
        case
            when is_suppressed then 'suppressed'
            when obs_status = 'M' then 'not_applicable'
            when basis <> 'counts' then if(obs_value is null, 'not_reported', null)
            when numerator is null then 'not_reported'
            when numerator < 0 then 'impossible_count'
            when measure_type_code = 'RATE100K' and denominator is null then 'no_reference_population'
            when measure_type_code = 'PROP' and denominator is null then 'not_reported'
            when measure_type_code = 'PROP' and numerator > denominator then 'impossible_count'
            when measure_type_code in ('PROP', 'RATE100K') and denominator = 0 then 'zero_denominator'
        end as null_reason,
    from with_basis
),

final as (
    select
        * exclude (basis, population_count, allows_published_value),
        if(null_reason is null, basis, null) as estimate_basis,
        case
            when null_reason is not null or basis <> 'counts' then 'none'
            when measure_type_code = 'PROP' then 'wilson'
            when measure_type_code = 'COUNT' then 'none'
            else {{ poisson_method('numerator') }}
        end as method,
    from with_reason
)

select * from final
