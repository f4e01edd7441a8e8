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

-- The groups of a unit with their place pi on a logistic curve. They stand in a list, in order: the last digits of a sum
-- depend on the order of its terms, and must not change with figures of others.
{% macro logit_curve(line) %}
    [
        struct_pack(p := x.p, t := x.t, r := x.r, pi := 1 / (1 + exp(-{{ line }}.a - {{ line }}.b * x.r)))
        for x in units.members
    ] as curve,
{% endmacro %}

-- The matrix A of that curve: sum of p pi (1 - pi) x x' with x = (1, r).
{% macro logit_curvature() %}
    list_sum([x.p * x.pi * (1 - x.pi) for x in curve]) as a00,
    list_sum([x.p * x.pi * (1 - x.pi) * x.r for x in curve]) as a01,
    list_sum([x.p * x.pi * (1 - x.pi) * x.r ^ 2 for x in curve]) as a11,
{% endmacro %}
