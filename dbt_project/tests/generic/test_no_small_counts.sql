-- No small number of people stands in the table: neither a count, nor a total, nor what is left of a total.
{% test no_small_counts(model) %}
    select facts.*
    from {{ model }} as facts
    inner join {{ ref('indicators') }} as indicators
        on facts.indicator_code = indicators.indicator_code
    inner join {{ ref('disclosure_policy') }} as policy
        on policy.policy_code = 'default'
    where
        indicators.is_person_count
        and (
            facts.numerator between 1e-9 and policy.threshold_count - 1e-9
            or facts.denominator between 1e-9 and policy.threshold_count - 1e-9
            or (
                indicators.measure_type_code = 'PROP'
                and facts.denominator - facts.numerator between 1e-9 and policy.threshold_count - 1e-9
            )
        )
{% endtest %}
