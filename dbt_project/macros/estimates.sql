-- Estimates from tidy tables, one select statement each: `table` has the columns named in the comment, and `keys`, a
-- list of further columns by which rows belong together. Each returns the keys, `value`, `se` and the limits in units
-- of `scale`, `method`, and `null_reason` where there is no value. `confidence` is 0.95 or 0.998.

{% macro listed(keys) -%}
    {% for key in keys %}{{ key }}, {% endfor %}
{%- endmacro %}

{% macro partition_by(keys) -%}
    {% if keys %}partition by {{ keys | join(', ') }}{% endif %}
{%- endmacro %}

-- What is not computable shows no part of itself; the row has `null_reason`.
{% macro shown(expression) -%}
    if(null_reason is null, {{ expression }}, null)
{%- endmacro %}

-- x of n with Wilson's interval, row by row.
{% macro proportions(table, keys, confidence, scale) %}
    {% set z = z_of(confidence) %}
    select
        {{ listed(keys) }}
        {{ shown(scale ~ ' * x / n') }} as value,
        {{ shown(scale ~ ' * ' ~ proportion_standard_error('x', 'n')) }} as se,
        {{ shown(scale ~ ' * ' ~ wilson_lower('x', 'n', z)) }} as lower_ci,
        {{ shown(scale ~ ' * ' ~ wilson_upper('x', 'n', z)) }} as upper_ci,
        if(null_reason is null, 'wilson', 'none') as method,
        null_reason,
    from (select *, {{ missing_count() }} as null_reason from {{ table }})
{% endmacro %}

{% macro missing_count() -%}
    if(x is null or n is null, 'missing_count', null)
{%- endmacro %}

-- x events in n, row by row: exact Poisson limits below ten events, Byar's from ten on.
{% macro rates(table, keys, confidence, scale) %}
    {% set z = z_of(confidence) %}
    select
        {{ listed(keys) }}
        {{ shown(scale ~ ' * x / n') }} as value,
        {{ shown(scale ~ ' * ' ~ poisson_standard_error('x') ~ ' / n') }} as se,
        {{ shown(scale ~ ' * ' ~ poisson_lower('x', z) ~ ' / n') }} as lower_ci,
        {{ shown(scale ~ ' * ' ~ poisson_upper('x', z) ~ ' / n') }} as upper_ci,
        if(null_reason is null, {{ poisson_method('x') }}, 'none') as method,
        null_reason,
    from (select *, {{ missing_count() }} as null_reason from {{ table }}) as cases
    left join {{ ref('poisson_limits') }} as poisson_limits
        on cases.x = poisson_limits.event_count and poisson_limits.confidence_level = {{ confidence }}
{% endmacro %}

-- The mean of `value`, with Student's t interval; one value has a mean and no interval.
{% macro means(table, keys, confidence) %}
    select
        {{ listed(keys) }}
        mean as value,
        sd / sqrt(value_count) as se,
        mean - t_quantile({{ confidence }} / 2 + 0.5, value_count - 1) * sd / sqrt(value_count) as lower_ci,
        mean + t_quantile({{ confidence }} / 2 + 0.5, value_count - 1) * sd / sqrt(value_count) as upper_ci,
        if(value_count > 0, 't', 'none') as method,
        if(value_count = 0, 'no_values', null) as null_reason,
        value_count,
        sd,
    from (
        select
            {{ listed(keys) }}
            count(value) as value_count,
            -- In one order, because the last digits depend on it.
            avg(value order by value) as mean,
            -- Equal values have no spread; sums of squares leave a rest in the last digits.
            if(max(value) = min(value) and count(value) > 1, 0::double, stddev_samp(value order by value)) as sd,
        from {{ table }}
        {{ 'group by ' ~ keys | join(', ') if keys }}
    )
{% endmacro %}

-- The quantile, 1 to `quantiles`, to which the `value` of each area (`items`) belongs within its keys; equal values
-- share the lowest rank ("min"). Inverted, quantile 1 holds the highest values.
{% macro quantile_groups(table, keys, items, quantiles, is_inverted) %}
    select
        {{ listed(keys + items) }}
        value,
        case
            when value is not null and value_count >= {{ quantiles }}
                then 1 + (value_rank - 1) * {{ quantiles }} // value_count
        end as quantile,
        case
            when value is null then 'missing_value'
            when value_count < {{ quantiles }} then 'fewer_values_than_quantiles'
        end as null_reason,
    from (
        select
            *,
            count(value) over ({{ partition_by(keys) }}) as value_count,
            rank() over (
                {{ partition_by(keys) }} order by value {{ 'desc' if is_inverted else 'asc' }} nulls last
            ) as value_rank,
        from {{ table }}
    )
{% endmacro %}
