-- No small number of people stands in the table: neither a count, nor a total, nor what is left of a total.
{% test no_small_counts(model) %}
    select facts.*
    from {{ model }} as facts
    inner join {{ ref('indicators') }} as indicators
        on facts.indicator_code = indicators.indicator_code
    inner join {{ ref('int_disclosure_policies') }} as policy
        on
            facts.country_code = policy.country_code
            and facts.indicator_code = policy.indicator_code
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
