-- Variances by the delta method: sum of (gradient_j s_j)^2 over the groups of a unit.

-- The gradient a u_j + b p_j, from the sums of (u s)^2, u p s^2 and (p s)^2.
{% macro delta_variance(a, uu, up, b) -%}
    (({{ a }}) ^ 2 * {{ uu }} + 2 * ({{ a }}) * ({{ b }}) * {{ up }} + ({{ b }}) ^ 2 * pp_ss)
{%- endmacro %}

-- What a difference between equal values may come to in doubles; below it a difference is none.
{% macro noise(level) -%}
    1e-12 * greatest(abs({{ level }}), 1e-12)
{%- endmacro %}
