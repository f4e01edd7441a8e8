-- The scale on which a quantile's limits are symmetric, the way back, and the slope of the way back at a value.
{% macro to_symmetric_scale(column) -%}
    case value_type
        when 1 then ln({{ column }})
        when 2 then ln({{ column }} / (1 - {{ column }}))
        else {{ column }}
    end
{%- endmacro %}

{% macro from_symmetric_scale(column) -%}
    case value_type
        when 1 then exp({{ column }})
        when 2 then 1 / (1 + exp(-{{ column }}))
        else {{ column }}
    end
{%- endmacro %}

{% macro slope_from_symmetric_scale(column) -%}
    case value_type when 1 then {{ column }} when 2 then {{ column }} * (1 - {{ column }}) else 1 end
{%- endmacro %}

-- Slope and relative index of inequality over quantiles that come with limits, as the PHE method has them; see
-- estimates.sql for the arguments. `quantile` 1 is the most disadvantaged; `population`, `value`, and its 95 % limits
-- `lower_cl` and `upper_cl`. `value_type` says on which scale the limits are symmetric: 0 the value's own, 1 the
-- logarithm (rates), 2 the logit (proportions between 0 and 1). The value is regressed on the mid-rank of the
-- quantiles, weighted by population; with `is_transformed`, on that scale. Limits are by the delta method from the
-- errors of the quantiles; those of the relative index on the log scale. PHE simulates both.
-- Sums follow the quantiles, because their last digits depend on the order.
{% macro slope_indices(table, keys, confidence, is_transformed) %}
    {% set z = z_of(confidence) %}
    with

    ranked as (
        select
            *,
            population / sum(population order by quantile) over ({{ partition_by(keys) }}) as share,
            sum(population) over ({{ partition_by(keys) }} order by quantile rows unbounded preceding)
            / sum(population order by quantile) over ({{ partition_by(keys) }}) - share / 2 as mid_rank,
            {{ to_symmetric_scale('value') if is_transformed else 'value' }} as y,
            ({{ to_symmetric_scale('upper_cl') }} - {{ to_symmetric_scale('lower_cl') }}) / (2 * {{ z_95() }})
            {{ '* ' ~ slope_from_symmetric_scale('value') if not is_transformed }} as s,
        from {{ table }}
    ),

    sloped as (
        select
            *,
            share * (mid_rank - 0.5)
            / nullif(sum(share * (mid_rank - 0.5) ^ 2 order by quantile) over ({{ partition_by(keys) }}), 0) as slope_weight,
        from ranked
    ),

    lines as (
        select
            {{ listed(keys) }}
            count(*) as quantile_count,
            count(y) < count(*) as is_missing,
            any_value(value_type) as value_type,
            sum((share - slope_weight / 2) * y order by quantile) as intercept,
            sum((share + slope_weight / 2) * y order by quantile) as summit,
            -- Variances and covariance of the two ends of the line.
            sum((share - slope_weight / 2) ^ 2 * s ^ 2 order by quantile) as intercept_variance,
            sum((share + slope_weight / 2) ^ 2 * s ^ 2 order by quantile) as summit_variance,
            sum((share ^ 2 - slope_weight ^ 2 / 4) * s ^ 2 order by quantile) as covariance,
            count(s) = count(*) as has_errors,
        from sloped
        {{ 'group by ' ~ keys | join(', ') if keys }}
    ),

    ends as (
        select
            *,
            case
                when is_missing then 'missing_subgroup_estimate'
                when quantile_count < 3 then 'fewer_than_3_subgroups'
            end as null_reason,
            {{ from_symmetric_scale('intercept') if is_transformed else 'intercept' }} as y0,
            {{ from_symmetric_scale('summit') if is_transformed else 'summit' }} as y1,
            {{ slope_from_symmetric_scale('y0') if is_transformed else '1' }} as g0,
            {{ slope_from_symmetric_scale('y1') if is_transformed else '1' }} as g1,
        from lines
    ),

    measured as (
        select
            *,
            if(null_reason is null, y1 - y0, null) as value,
            if(
                null_reason is null and has_errors,
                sqrt(greatest(0::double, g1 ^ 2 * summit_variance + g0 ^ 2 * intercept_variance - 2 * g0 * g1 * covariance)),
                null
            ) as se,
            if(null_reason is null and y0 > 0 and y1 > 0, y1 / y0, null) as rii,
            if(
                rii is not null and has_errors,
                sqrt(greatest(
                    0::double,
                    (g1 / y1) ^ 2 * summit_variance + (g0 / y0) ^ 2 * intercept_variance
                    - 2 * (g0 / y0) * (g1 / y1) * covariance
                )),
                null
            ) as rii_log_se,
        from ends
    )

    select
        {{ listed(keys) }}
        value,
        se,
        value - {{ z }} * se as lower_ci,
        value + {{ z }} * se as upper_ci,
        if(null_reason is null, 'delta', 'none') as method,
        null_reason,
        rii,
        rii * exp(-{{ z }} * rii_log_se) as rii_lower_ci,
        rii * exp({{ z }} * rii_log_se) as rii_upper_ci,
        if(null_reason is null, y0, null) as intercept,
    from measured
{% endmacro %}
