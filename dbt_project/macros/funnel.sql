-- Control limits of a funnel plot around a central value, as SQL expressions (Spiegelhalter 2005,
-- https://doi.org/10.1002/sim.1970). A country lies beyond a limit where its own interval at that level excludes the
-- central value; the quantile `z` is an argument.

-- The 99.9 % quantile of the standard normal distribution, for limits at 99.8 %.
{% macro z_99_8() -%}
    3.090232306167813e0
{%- endmacro %}

-- Inverse of the Wilson interval: the proportions of `total` whose interval just touches the proportion `centre`.
{% macro funnel_proportion_lower(centre, total, z) -%}
    greatest(0e0, {{ centre }} - {{ z }} * sqrt({{ centre }} * (1 - {{ centre }}) / {{ total }}))
{%- endmacro %}

{% macro funnel_proportion_upper(centre, total, z) -%}
    least(1e0, {{ centre }} + {{ z }} * sqrt({{ centre }} * (1 - {{ centre }}) / {{ total }}))
{%- endmacro %}

-- Inverse of Byar's interval: the counts whose interval just touches the count `expected`, above zero. With the cube
-- root t of the count (lower limit: of the count and one), t - 1 / (9 t^2) + sign * z / (3 sqrt(t)) is the cube root of
-- `expected`; Newton's method from there converges from one side, to the last digit within twelve steps.
{% macro funnel_count_lower(expected, z) -%}
    if(
        cbrt({{ expected }}) <= 8e0 / 9 + {{ z }} / 3,
        0e0,
        greatest(0e0, {{ byar_root(expected, z) }} ^ 3 - 1)
    )
{%- endmacro %}

{% macro funnel_count_upper(expected, z) -%}
    {{ byar_root(expected, '-' ~ z) }} ^ 3
{%- endmacro %}

{% macro byar_root(expected, z) -%}
    list_reduce(
        [cbrt({{ expected }})] || repeat([0e0], 12),
        lambda t, step: t - (t - 1 / (9 * t ^ 2) + {{ z }} / (3 * sqrt(t)) - cbrt({{ expected }}))
        / (1 + 2 / (9 * t ^ 3) - {{ z }} / (6 * t ^ 1.5))
    )
{%- endmacro %}
