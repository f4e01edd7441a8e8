-- Control limits of a funnel plot around a central value, as SQL expressions (Spiegelhalter 2005,
-- https://doi.org/10.1002/sim.1970). A country lies beyond a limit where its own interval at that level excludes the
-- central value; the quantile `z` is an argument.

-- Inverse of the Wilson interval: the proportions of `total` whose interval just touches the proportion `centre`.
{% macro funnel_proportion_lower(centre, total, z) -%}
    greatest(0::double, {{ centre }} - {{ z }} * sqrt({{ centre }} * (1 - {{ centre }}) / {{ total }}))
{%- endmacro %}

{% macro funnel_proportion_upper(centre, total, z) -%}
    least(1::double, {{ centre }} + {{ z }} * sqrt({{ centre }} * (1 - {{ centre }}) / {{ total }}))
{%- endmacro %}

-- Inverse of Byar's interval: the counts whose interval just touches the count `expected`, above zero. With the cube
-- root t of the count (lower limit: of the count and one), t - 1 / (9 t^2) + sign * z / (3 sqrt(t)) is the cube root of
-- `expected`; Newton's method from there converges from one side, to the last digit within twelve steps.
{% macro funnel_count_lower(expected, z) -%}
    if(
        cbrt({{ expected }}) <= 8::double / 9 + {{ z }} / 3,
        0::double,
        greatest(0::double, {{ byar_root(expected, z) }} ^ 3 - 1)
    )
{%- endmacro %}

{% macro funnel_count_upper(expected, z) -%}
    {{ byar_root(expected, '-' ~ z) }} ^ 3
{%- endmacro %}

{% macro byar_root(expected, z) -%}
    list_reduce(
        [cbrt({{ expected }})] || repeat([0::double], 12),
        lambda t, step: t - (t - 1 / (9 * t ^ 2) + {{ z }} / (3 * sqrt(t)) - cbrt({{ expected }}))
        / (1 + 2 / (9 * t ^ 3) - {{ z }} / (6 * t ^ 1.5))
    )
{%- endmacro %}

-- Which side of the baseline an area's own interval lies on, at the two levels of a funnel plot.
{% macro funnel_significance(baseline, lower_95, upper_95, lower_99_8, upper_99_8) -%}
    case
        when {{ upper_99_8 }} < {{ baseline }} then 'Low (0.001)'
        when {{ upper_95 }} < {{ baseline }} then 'Low (0.025)'
        when {{ lower_99_8 }} > {{ baseline }} then 'High (0.001)'
        when {{ lower_95 }} > {{ baseline }} then 'High (0.025)'
        when {{ baseline }} is not null then 'Not significant'
    end
{%- endmacro %}

-- Areas of tidy tables (see estimates.sql): `x` of, or in, `n` of each; `items` are the columns that name an area. The
-- baseline is the pooled value of the keys. The value's own limits are those of `confidence`; with them come the limits
-- of the funnel at 95 % and at 99.8 %, and the significance.
{% macro funnels(table, keys, items, confidence, scale, is_rate) %}
    with

    pooled as (
        select
            *,
            if(x is null or n is null, 'missing_count', null) as null_reason,
            -- An area without a count has no share in the baseline.
            sum(x) filter (where null_reason is null) over ({{ partition_by(keys) }})
            / sum(n) filter (where null_reason is null) over ({{ partition_by(keys) }}) as baseline,
            nullif(baseline, 0) * n as expected_count,
        from {{ table }}
    ),

    limited as (
        select
            pooled.*,
            {% for name, z in [('95', z_95()), ('99_8', z_99_8())] %}
                {% if is_rate %}
                    {{ shown(poisson_lower('x', z, 'limits_' ~ name) ~ ' / n') }} as lower_{{ name }},
                    {{ shown(poisson_upper('x', z, 'limits_' ~ name) ~ ' / n') }} as upper_{{ name }},
                    {{ shown(funnel_count_lower('expected_count', z) ~ ' / n') }} as lower_{{ name }}_limit,
                    {{ shown(funnel_count_upper('expected_count', z) ~ ' / n') }} as upper_{{ name }}_limit,
                {% else %}
                    {{ shown(wilson_lower('x', 'n', z)) }} as lower_{{ name }},
                    {{ shown(wilson_upper('x', 'n', z)) }} as upper_{{ name }},
                    {{ shown(funnel_proportion_lower('baseline', 'n', z)) }} as lower_{{ name }}_limit,
                    {{ shown(funnel_proportion_upper('baseline', 'n', z)) }} as upper_{{ name }}_limit,
                {% endif %}
            {% endfor %}
        from pooled
        {% if is_rate %}
            {% for name, level in [('95', 0.95), ('99_8', 0.998)] %}
                left join {{ ref('poisson_limits') }} as limits_{{ name }}
                    on pooled.x = limits_{{ name }}.event_count and limits_{{ name }}.confidence_level = {{ level }}
            {% endfor %}
        {% endif %}
    )

    select
        {{ listed(keys + items) }}
        {{ shown(scale ~ ' * x / n') }} as value,
        {{ shown(
            scale ~ ' * ' ~ (poisson_standard_error('x') ~ ' / n' if is_rate else proportion_standard_error('x', 'n'))
        ) }} as se,
        {{ scale }} * {{ {0.95: 'lower_95', 0.998: 'lower_99_8'}[confidence] }} as lower_ci,
        {{ scale }} * {{ {0.95: 'upper_95', 0.998: 'upper_99_8'}[confidence] }} as upper_ci,
        if(null_reason is null, {{ poisson_method('x') if is_rate else "'wilson'" }}, 'none') as method,
        null_reason,
        {{ scale }} * baseline as baseline,
        {{ scale }} * lower_95_limit as lower_95_limit,
        {{ scale }} * upper_95_limit as upper_95_limit,
        {{ scale }} * lower_99_8_limit as lower_99_8_limit,
        {{ scale }} * upper_99_8_limit as upper_99_8_limit,
        {{ shown(funnel_significance('baseline', 'lower_95', 'upper_95', 'lower_99_8', 'upper_99_8')) }} as significance,
    from limited
{% endmacro %}
