-- Limits of a country's value at any quantile `z`: Wilson's for proportions, Byar's for rates. `figure` names a
-- relation with method, numerator, denominator and scale. Without counts the method is another, and the limit NULL.
{% macro joint_lower(figure, z) -%}
    {{ figure }}.scale * case
        when {{ figure }}.method = 'wilson' then {{ _wilson(figure, z, '-') }}
        when {{ figure }}.method in ('byar', 'exact_poisson') and {{ figure }}.numerator = 0 then 0e0
        when {{ figure }}.method in ('byar', 'exact_poisson')
            then greatest(0e0, {{ _byar(figure ~ '.numerator', z, '-') }}) / {{ figure }}.denominator
    end
{%- endmacro %}

{% macro joint_upper(figure, z) -%}
    {{ figure }}.scale * case
        when {{ figure }}.method = 'wilson' then {{ _wilson(figure, z, '+') }}
        when {{ figure }}.method in ('byar', 'exact_poisson')
            then {{ _byar('(' ~ figure ~ '.numerator + 1)', z, '+') }} / {{ figure }}.denominator
    end
{%- endmacro %}

{% macro _wilson(figure, z, sign) -%}
    (
        2 * {{ figure }}.numerator + {{ z }} ^ 2
        {{ sign }} {{ z }} * sqrt(
            {{ z }} ^ 2 + 4 * {{ figure }}.numerator * (1 - {{ figure }}.numerator / {{ figure }}.denominator)
        )
    ) / (2 * ({{ figure }}.denominator + {{ z }} ^ 2))
{%- endmacro %}

{% macro _byar(count, z, sign) -%}
    {{ count }} * (1 - 1 / (9 * {{ count }}) {{ sign }} {{ z }} / (3 * sqrt({{ count }}))) ^ 3
{%- endmacro %}
