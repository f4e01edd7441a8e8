-- Every group of every stratum dimension. `is_compared`: the groups that together make up the total once, between
-- which gaps are measured. `is_other_level`: age classes beside those, which serve where no others were sent.
with

listed as (
    {% for dimension in ['SEX', 'DEGURBA', 'ISCED11', 'QUANTILE', 'C_BIRTH'] %}
        select
            '{{ dimension }}' as dimension_code,
            code as group_code,
            label as group_name,
            sort_order as group_order,
            parent_code = {{ total_code(dimension) }} as is_first_level,
        from {{ ref('codes_' ~ (dimension | lower)) }}

        union all by name
    {% endfor %}

    select
        'AGE' as dimension_code,
        code as group_code,
        label as group_name,
        sort_order as group_order,
        age_level = 'reporting' as is_first_level,
    from {{ ref('codes_age') }}

    union all by name

    select
        'NUTS2' as dimension_code,
        country_code,
        code as group_code,
        label as group_name,
        sort_order as group_order,
        true as is_first_level,
    from {{ ref('codes_nuts2') }}
),

final as (
    select
        listed.dimension_code,
        listed.country_code,
        listed.group_code,
        listed.group_name,
        listed.group_order,
        dimensions.is_ordered,
        coalesce(listed.is_first_level, false) and listed.group_code <> 'UNK' as is_compared,
        listed.dimension_code = 'AGE' and not listed.is_first_level as is_other_level,
    from listed
    inner join {{ ref('dimensions') }} as dimensions
        on listed.dimension_code = dimensions.dimension_code
    where listed.group_code is distinct from dimensions.total_code
)

select * from final
order by dimension_code, country_code, group_order
