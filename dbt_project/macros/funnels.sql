-- Funnel plots: is an area further from the common value than chance would put it? See estimates.sql for the
-- arguments. `x` of, or in, `n` by area; the baseline is the pooled value of the keys.

-- Limits of a proportion around the baseline at size n, between 0 and 1: the baseline lies within Wilson's interval of
-- exactly the proportions between them (Wilson's interval inverted).
{% macro funnel_proportion_lower(baseline, total, z) -%}
    greatest(0e0, {{ baseline }} - {{ z }} * sqrt({{ baseline }} * (1 - {{ baseline }}) / {{ total }}))
{%- endmacro %}

{% macro funnel_proportion_upper(baseline, total, z) -%}
    least(1e0, {{ baseline }} + {{ z }} * sqrt({{ baseline }} * (1 - {{ baseline }}) / {{ total }}))
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

-- Limits of a rate around the baseline at size n: Byar's of the expected count. An area is judged by its own interval,
-- which differs from these limits in the last event.
{% macro funnel_rate_lower(baseline, total, z) -%}
    {{ byar_lower('(' ~ baseline ~ ' * ' ~ total ~ ')', z) }} / {{ total }}
{%- endmacro %}

{% macro funnel_rate_upper(baseline, total, z) -%}
    {{ byar_upper('(' ~ baseline ~ ' * ' ~ total ~ ')', z) }} / {{ total }}
{%- endmacro %}

-- `items` are the columns that name an area. The value's own limits are those of `confidence`; with them come the
-- baseline, the limits of the funnel at 95 % and at 99.8 %, and the significance.
{% macro funnels(table, keys, items, confidence, scale, is_rate) %}
    with

    pooled as (
        select
            *,
            if(x is null or n is null, 'missing_count', null) as null_reason,
            -- An area without a count has no share in the baseline.
            sum(x) filter (where null_reason is null) over ({{ partition_by(keys) }})
            / sum(n) filter (where null_reason is null) over ({{ partition_by(keys) }}) as baseline,
        from {{ table }}
    ),

    limited as (
        select
            pooled.*,
            {% for name, z in [('95', z_95()), ('99_8', z_99_8())] %}
                {% if is_rate %}
                    {{ shown(poisson_lower('x', z, 'limits_' ~ name) ~ ' / n') }} as lower_{{ name }},
                    {{ shown(poisson_upper('x', z, 'limits_' ~ name) ~ ' / n') }} as upper_{{ name }},
                    {{ shown('if(baseline > 0, ' ~ funnel_rate_lower('baseline', 'n', z) ~ ', 0e0)') }}
                    as lower_{{ name }}_limit,
                    {{ shown(funnel_rate_upper('baseline', 'n', z)) }} as upper_{{ name }}_limit,
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
