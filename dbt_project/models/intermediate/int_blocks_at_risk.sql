-- The blocks in which something must be protected, in any of their versions: a figure that is hidden for its own sake,
-- or a small group that was not sent and is what the others leave of their total. In all others there is nothing to
-- choose. The parts of a whole are compared with it level by level of the code lists; where that is not the whole
-- story (a level is skipped, ages cut across the others, some figures have no count) the block counts as one at risk.
{% set dimensions = ['site', 'age', 'c_birth', 'degurba', 'isced11', 'nuts2', 'quantile', 'sex'] %}
{% set dimensions_with_levels = ['site', 'age', 'c_birth'] %}
{% set version = 'country_code, indicator_code, period, submission_id' %}

with

figures as (
    select * from {{ ref('int_additive_figures') }}
),

-- NULL is the total of a dimension.
{% for dimension in dimensions_with_levels %}
    {{ dimension }}_codes as (
        select
            code,
            nullif(parent_code, {{ total_code(dimension | upper) }}) as whole_code,
        from {{ ref('codes_' ~ dimension) }}
    ),
{% endfor %}

parts as (
    {% for dimension in dimensions %}
        select
            {{ version }},
            '{{ dimension | upper }}' as dimension_code,
            figures.threshold_count,
            figures.numerator,
            figures.denominator,
            {{ 'codes.' if dimension in dimensions_with_levels else 'null as ' }}whole_code,
            {% for other in dimensions %}
                {{ 'whole_code as ' if other == dimension }}{{ other }},
            {% endfor %}
        from figures
        {% if dimension in dimensions_with_levels %}
            left join {{ dimension }}_codes as codes
                on figures.{{ dimension }} = codes.code
        {% endif %}
        where {{ dimension }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

sums as (
    select
        {{ version }},
        {{ dimensions | join(', ') }},
        dimension_code,
        whole_code,
        max(threshold_count) as threshold_count,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
    from parts
    group by all
),

with_small_rest as (
    select
        sums.country_code,
        sums.indicator_code,
        sums.period,
    from sums
    left join figures as wholes
        on
            sums.submission_id = wholes.submission_id
            and sums.country_code = wholes.country_code
            and sums.indicator_code = wholes.indicator_code
            and sums.period = wholes.period
            {% for dimension in dimensions %}
                and sums.{{ dimension }} is not distinct from wholes.{{ dimension }}
            {% endfor %}
    where
        (wholes.numerator > sums.numerator and wholes.numerator < sums.numerator + sums.threshold_count)
        or (wholes.denominator > sums.denominator and wholes.denominator < sums.denominator + sums.threshold_count)
        or (wholes.submission_id is null and sums.whole_code is not null)
),

with_other_reasons as (
    select
        figures.country_code,
        figures.indicator_code,
        figures.period,
    from figures
    left join {{ ref('codes_age') }} as ages
        on figures.age = ages.code
    group by figures.country_code, figures.indicator_code, figures.period, figures.submission_id
    having
        bool_or(figures.is_primary)
        or coalesce(bool_or(ages.age_level = 'alternative'), false)
        or count(figures.numerator) not in (0, count(*))
        or count(figures.denominator) not in (0, count(*))
),

final as (
    select * from with_small_rest
    union
    select * from with_other_reasons
)

select * from final
