-- Rates made comparable between populations of different age structure; see estimates.sql for the arguments.

-- Direct standardisation with Dobson's interval (Dobson et al. 1991) and Fay and Feuer's gamma limits (1997).
-- `ageband`, `x` events in `n`, `stdpop` of the standard population; where persons have several events, one row per
-- (age band, `eventfreq`) with x persons. Only the age bands that are there count. `effective_event_count` is the
-- count of a plain rate with the same relative error; below ten the rate is sparse: Dobson's interval is unreliable.
{% macro directly_standardised(table, keys, confidence, scale) %}
    {% set z = z_of(confidence) %}
    with

    bands as (
        select
            {{ listed(keys) }}
            ageband,
            sum(x * eventfreq) as event_count,
            sum(x * eventfreq ^ 2) as event_count_variance,
            any_value(n) as population,
            any_value(stdpop) as standard_population,
            bool_or(x is null) as is_missing,
        from {{ table }}
        group by {{ listed(keys) }} ageband
    ),

    weighted as (
        select
            *,
            standard_population / sum(standard_population) over ({{ partition_by(keys) }}) / population as weight,
        from bands
    ),

    summed as (
        select
            {{ listed(keys) }}
            -- The last digits of a sum depend on the order of its terms.
            sum(weight * event_count order by ageband) as rate,
            sum(weight ^ 2 * event_count_variance order by ageband) as variance,
            max(weight) as largest_weight,
            sum(event_count) as event_count,
            sum(population) as population,
            bool_or(is_missing) as is_missing,
        from weighted
        {{ 'group by ' ~ keys | join(', ') if keys }}
    ),

    described as (
        select
            *,
            rate ^ 2 / nullif(variance, 0) as effective_event_count,
            case when is_missing then 'missing_count' when event_count < 10 then 'fewer_than_ten_events' end as null_reason,
        from summed
    )

    select
        {{ listed(keys) }}
        {{ shown(scale ~ ' * rate') }} as value,
        {{ shown(scale ~ ' * sqrt(variance)') }} as se,
        {{ shown(
            scale ~ ' * greatest(0::double, rate + sqrt(variance / event_count) * ('
            ~ byar_lower('event_count', z) ~ ' - event_count))'
        ) }} as lower_ci,
        {{ shown(
            scale ~ ' * (rate + sqrt(variance / event_count) * (' ~ byar_upper('event_count', z) ~ ' - event_count))'
        ) }} as upper_ci,
        if(null_reason is null, 'dobson', 'none') as method,
        null_reason,
        -- Fay and Feuer's limits hold for any number of events.
        case
            when is_missing then null
            when rate = 0 then 0::double
            else {{ scale }} * gamma_quantile(0.5 - {{ confidence }} / 2, effective_event_count) * variance / rate
        end as fay_feuer_lower_ci,
        if(
            is_missing,
            null,
            {{ scale }} * gamma_quantile(
                0.5 + {{ confidence }} / 2, (rate + largest_weight) ^ 2 / (variance + largest_weight ^ 2)
            ) * (variance + largest_weight ^ 2) / (rate + largest_weight)
        ) as fay_feuer_upper_ci,
        if(is_missing, null, event_count) as event_count,
        population,
        if(is_missing, null, coalesce(effective_event_count, 0)) as effective_event_count,
        if(is_missing, null, coalesce(effective_event_count, 0) < 10) as is_sparse,
    from described
{% endmacro %}

-- Indirect standardisation: `x` events observed in `n`, and `x_ref` in `n_ref` of the reference population, by age
-- band. The value is the rate, observed / expected times the reference's rate; the ratio itself stands beside it.
{% macro indirectly_standardised(table, keys, confidence, scale) %}
    {% set z = z_of(confidence) %}
    with

    summed as (
        select
            {{ listed(keys) }}
            if(count(x) = count(*), sum(x), null) as observed_count,
            sum(n * x_ref / n_ref order by ageband) as expected_count,
            {{ scale }} * sum(x_ref) / sum(n_ref) as reference_rate,
        from {{ table }}
        {{ 'group by ' ~ keys | join(', ') if keys }}
    ),

    limited as (
        select
            summed.*,
            case
                when observed_count is null then 'missing_count'
                when expected_count = 0 then 'zero_expected'
            end as null_reason,
            if(null_reason is null, expected_count, null) as divisor,
            observed_count / divisor as ratio,
            {{ poisson_lower('observed_count', z) }} / divisor as ratio_lower_ci,
            {{ poisson_upper('observed_count', z) }} / divisor as ratio_upper_ci,
        from summed
        left join {{ ref('poisson_limits') }} as poisson_limits
            on
                summed.observed_count = poisson_limits.event_count
                and poisson_limits.confidence_level = {{ confidence }}
    )

    select
        {{ listed(keys) }}
        ratio * reference_rate as value,
        {{ poisson_standard_error('observed_count') }} / divisor * reference_rate as se,
        ratio_lower_ci * reference_rate as lower_ci,
        ratio_upper_ci * reference_rate as upper_ci,
        if(null_reason is null, {{ poisson_method('observed_count') }}, 'none') as method,
        null_reason,
        ratio,
        ratio_lower_ci,
        ratio_upper_ci,
        observed_count,
        expected_count,
        reference_rate,
    from limited
{% endmacro %}
