-- Standard errors by the delta method: sqrt(sum of (gradient_j s_j)^2) over the groups of a unit.

-- The root of a variance that rounding may have put below zero; NULL stays NULL.
{% macro root(variance) -%}
    sqrt(if({{ variance }} < 0, 0, {{ variance }}))
{%- endmacro %}

-- The gradient a u_j + b v_j, from the sums of (u s)^2, u v s^2 and (v s)^2.
{% macro combined_se(a, uu, uv, b, vv) -%}
    {{ root('(' ~ a ~ ') ^ 2 * ' ~ uu ~ ' + 2 * (' ~ a ~ ') * (' ~ b ~ ') * ' ~ uv ~ ' + (' ~ b ~ ') ^ 2 * ' ~ vv) }}
{%- endmacro %}

-- The same from the gradient of each group, where it has no such sums.
{% macro delta_se(gradient) -%}
    sqrt(sum(({{ gradient }}) ^ 2 * s ^ 2))
{%- endmacro %}

-- What a difference between equal values may come to in doubles; below it a difference is none.
{% macro noise(level) -%}
    1e-12 * greatest(abs({{ level }}), 1e-12)
{%- endmacro %}

-- The gradient of each group, p x' A^-1 g, of a measure of a logistic curve with the gradient g by a and b; x = (1, r).
{% macro logit_gradient(by_a, by_b) -%}
    p * (({{ by_a }}) * (a11 - r * a01) + ({{ by_b }}) * (r * a00 - a01)) / (a00 * a11 - a01 ^ 2)
{%- endmacro %}
