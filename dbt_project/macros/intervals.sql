-- Values, standard errors and limits of counts as SQL expressions. Arguments are SQL expressions; `z` is the quantile
-- of the standard normal distribution for the confidence level. Callers exclude what has no answer: a part below zero
-- or above its whole, a whole of zero.

-- The 97.5 % and the 99.9 % quantile of the standard normal distribution, as doubles and not as decimals.
{% macro z_95() -%}
    1.959963984540054::double
{%- endmacro %}

{% macro z_99_8() -%}
    3.090232306167813::double
{%- endmacro %}

{% macro z_of(confidence) -%}
    {{ {0.95: z_95(), 0.998: z_99_8()}[confidence] }}
{%- endmacro %}

-- Wilson score interval of a proportion, between 0 and 1 (Wilson 1927; Newcombe and Altman 2000).
{% macro wilson_lower(count, total, z) -%}
    case
        when {{ count }} = 0 then 0::double
        else greatest(0::double, (
            2 * {{ count }} + {{ z }} ^ 2 - {{ z }} * sqrt({{ z }} ^ 2 + 4 * {{ count }} * (1 - {{ count }} / {{ total }}))
        ) / (2 * ({{ total }} + {{ z }} ^ 2)))
    end
{%- endmacro %}

{% macro wilson_upper(count, total, z) -%}
    case
        when {{ count }} = {{ total }} then 1::double
        else least(1::double, (
            2 * {{ count }} + {{ z }} ^ 2 + {{ z }} * sqrt({{ z }} ^ 2 + 4 * {{ count }} * (1 - {{ count }} / {{ total }}))
        ) / (2 * ({{ total }} + {{ z }} ^ 2)))
    end
{%- endmacro %}

-- Byar's approximation to the Poisson limits of a count above zero (Breslow and Day 1987).
{% macro byar_lower(count, z) -%}
    greatest(0::double, {{ count }} * (1 - 1 / (9 * {{ count }}) - {{ z }} / (3 * sqrt({{ count }}))) ^ 3)
{%- endmacro %}

{% macro byar_upper(count, z) -%}
    ({{ count }} + 1) * (1 - 1 / (9 * ({{ count }} + 1)) + {{ z }} / (3 * sqrt({{ count }} + 1))) ^ 3
{%- endmacro %}

-- Exact limits are tabled for whole counts below ten; some counts carry a fraction.
{% macro poisson_method(count) -%}
    if({{ count }} < 10 and {{ count }} = floor({{ count }}), 'exact_poisson', 'byar')
{%- endmacro %}

-- Limits of a count of events; `limits` is the table of exact limits, joined with its rows of the confidence level.
{% macro poisson_lower(count, z, limits='poisson_limits') -%}
    case when {{ poisson_method(count) }} = 'byar' then {{ byar_lower(count, z) }} else {{ limits }}.lower_limit end
{%- endmacro %}

{% macro poisson_upper(count, z, limits='poisson_limits') -%}
    case when {{ poisson_method(count) }} = 'byar' then {{ byar_upper(count, z) }} else {{ limits }}.upper_limit end
{%- endmacro %}

-- Standard error of a proportion between 0 and 1.
{% macro proportion_standard_error(count, total) -%}
    sqrt(({{ count }} / {{ total }}) * (1 - {{ count }} / {{ total }}) / {{ total }})
{%- endmacro %}

-- Standard error of a count of events.
{% macro poisson_standard_error(count) -%}
    sqrt({{ count }})
{%- endmacro %}
