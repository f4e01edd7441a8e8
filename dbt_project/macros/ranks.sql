-- Limits of a country's value at any quantile `z`: Wilson's for proportions, Byar's for rates. `figure` names a
-- relation with method, numerator, denominator and scale. Without counts the method is another, and the limit NULL.
{% macro joint_lower(figure, z) -%}
    {{ figure }}.scale * case
        when {{ figure }}.method = 'wilson'
            then {{ wilson_lower(figure ~ '.numerator', figure ~ '.denominator', z) }}
        when {{ figure }}.method in ('byar', 'exact_poisson') and {{ figure }}.numerator = 0 then 0::double
        when {{ figure }}.method in ('byar', 'exact_poisson')
            then {{ byar_lower(figure ~ '.numerator', z) }} / {{ figure }}.denominator
    end
{%- endmacro %}

{% macro joint_upper(figure, z) -%}
    {{ figure }}.scale * case
        when {{ figure }}.method = 'wilson'
            then {{ wilson_upper(figure ~ '.numerator', figure ~ '.denominator', z) }}
        when {{ figure }}.method in ('byar', 'exact_poisson')
            then {{ byar_upper(figure ~ '.numerator', z) }} / {{ figure }}.denominator
    end
{%- endmacro %}
