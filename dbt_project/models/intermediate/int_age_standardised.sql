-- Rates standardised directly to the European Standard Population 2013, where every age class of a level was sent with
-- its population. Dobson's interval, or Fay and Feuer's limits where the rate is sparse. A hidden class hides the rate.
{% set unit = ['country_code', 'indicator_code', 'period', 'site_code'] %}

with

classes as (
    select
        measured.*,
        standard.age_level,
        standard.standard_population_count,
    from {{ ref('int_measured_observations') }} as measured
    inner join {{ ref('int_standard_population') }} as standard
        on measured.group_code = standard.age_code
    where measured.dimension_code = 'AGE' and measured.measure_type_code = 'RATE100K'
),

complete as (
    select * from classes
    qualify
        sum(standard_population_count) over (partition by {{ unit | join(', ') }}, age_level)
        = (select sum(esp2013.standard_population_count) from {{ ref('esp2013') }} as esp2013)
),

-- Of two complete levels, the one of more classes.
units as (
    select
        {{ listed(unit) }}
        age_level,
        case
            when bool_or(obs_status = 'B') then 'B'
            when bool_or(obs_status = 'P') then 'P'
            when min(obs_status) = max(obs_status) then min(obs_status)
        end as obs_status,
        any_value(submission_id) as submission_id,
        bool_or(is_synthetic) as is_synthetic,
        bool_or(is_suppressed) as is_suppressed,
    from complete
    group by {{ listed(unit) }} age_level
    having bool_or(null_reason is null) and bool_and(null_reason is null or is_suppressed)
    qualify row_number() over (partition by {{ unit | join(', ') }} order by count(*) desc, age_level) = 1
),

tidy as (
    select
        {% for key in unit %}units.{{ key }}, {% endfor %}
        complete.group_code as ageband,
        complete.numerator as x,
        complete.denominator as n,
        complete.standard_population_count as stdpop,
        1 as eventfreq,
    from units
    inner join complete using ({{ listed(unit) }}age_level)
    where not units.is_suppressed
),

standardised as ({{ directly_standardised('tidy', unit, 0.95, 100000) }}),

final as (
    select
        {% for key in unit %}units.{{ key }}, {% endfor %}
        'AGE_STANDARDISED' as stratum_id,
        'AGE_STANDARDISED' as dimension_code,
        'ESP2013' as group_code,
        standardised.value,
        standardised.se,
        if(standardised.is_sparse, standardised.fay_feuer_lower_ci, standardised.lower_ci) as lower_ci,
        if(standardised.is_sparse, standardised.fay_feuer_upper_ci, standardised.upper_ci) as upper_ci,
        standardised.event_count as numerator,
        standardised.population as denominator,
        standardised.effective_event_count,
        if(standardised.value is null, null, 'counts') as estimate_basis,
        case
            when standardised.value is null then 'none'
            when standardised.is_sparse then 'fay_feuer'
            else 'dobson'
        end as method,
        if(units.is_suppressed, 'suppressed', standardised.null_reason) as null_reason,
        units.obs_status,
        units.is_synthetic,
        units.submission_id,
    from units
    left join standardised using ({{ unit | join(', ') }})
)

select * from final
