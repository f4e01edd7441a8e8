-- Values and 95 % intervals as SQL expressions. Arguments are SQL expressions; callers exclude what has no answer:
-- a part below zero or above its whole, a whole of zero.

-- The 97.5 % quantile of the standard normal distribution, as a double and not as a decimal.
{% macro z_95() -%}
    1.959963984540054e0
{%- endmacro %}

-- Wilson score interval of a proportion, between 0 and 1 (Wilson 1927; Newcombe and Altman 2000).
{% macro wilson_lower(count, total) -%}
    case
        when {{ count }} = 0 then 0e0
        else (
            2 * {{ count }} + {{ z_95() }} ^ 2
            - {{ z_95() }} * sqrt({{ z_95() }} ^ 2 + 4 * {{ count }} * (1 - {{ count }} / {{ total }}))
        ) / (2 * ({{ total }} + {{ z_95() }} ^ 2))
    end
{%- endmacro %}

{% macro wilson_upper(count, total) -%}
    case
        when {{ count }} = {{ total }} then 1e0
        else (
            2 * {{ count }} + {{ z_95() }} ^ 2
            + {{ z_95() }} * sqrt({{ z_95() }} ^ 2 + 4 * {{ count }} * (1 - {{ count }} / {{ total }}))
        ) / (2 * ({{ total }} + {{ z_95() }} ^ 2))
    end
{%- endmacro %}

-- Byar's approximation to the Poisson limits of a count above zero (Breslow and Day 1987).
{% macro byar_lower(count) -%}
    greatest(0e0, {{ count }} * (1 - 1 / (9 * {{ count }}) - {{ z_95() }} / (3 * sqrt({{ count }}))) ^ 3)
{%- endmacro %}

{% macro byar_upper(count) -%}
    ({{ count }} + 1) * (1 - 1 / (9 * ({{ count }} + 1)) + {{ z_95() }} / (3 * sqrt({{ count }} + 1))) ^ 3
{%- endmacro %}

-- Standard error of a proportion in percent.
{% macro percent_standard_error(count, total) -%}
    100 * sqrt(({{ count }} / {{ total }}) * (1 - {{ count }} / {{ total }}) / {{ total }})
{%- endmacro %}
