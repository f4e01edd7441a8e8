-- Where values of the country's denominator would lie by chance alone, were its true value that of the EU.
with

counted as (
    select
        country_values.*,
        eu_values.value / country_values.scale as centre,
        eu_values.value / country_values.scale * country_values.denominator as expected_count,
    from {{ ref('int_country_values') }} as country_values
    inner join {{ ref('int_eu_values') }} as eu_values
        on
            country_values.indicator_code = eu_values.indicator_code
            and country_values.period = eu_values.period
            and country_values.site_code = eu_values.site_code
    where country_values.is_counted and eu_values.value > 0
),

limited as (
    select
        *,
        {% for level, z in {'95': z_95(), '998': z_99_8()}.items() %}
            if(
                method = 'wilson',
                {{ funnel_proportion_lower('centre', 'denominator', z) }},
                {{ funnel_count_lower('expected_count', z) }} / denominator  -- noqa: PRS
            ) * scale as funnel_lower_{{ level }},
            if(
                method = 'wilson',
                {{ funnel_proportion_upper('centre', 'denominator', z) }},
                {{ funnel_count_upper('expected_count', z) }} / denominator  -- noqa: PRS
            ) * scale as funnel_upper_{{ level }},
        {% endfor %}
    from counted
),

final as (
    select
        country_code,
        indicator_code,
        period,
        site_code,
        funnel_lower_95,
        funnel_upper_95,
        funnel_lower_998,
        funnel_upper_998,
        case
            when value < funnel_lower_998 then 'below_998'
            when value > funnel_upper_998 then 'above_998'
            when value < funnel_lower_95 then 'below_95'
            when value > funnel_upper_95 then 'above_95'
            else 'within'
        end as funnel_position,
    from limited
)

select * from final
