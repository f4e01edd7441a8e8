-- The single groups of the code lists, every combination that was sent, the total, and the total with the ages of the
-- standard population.
with

groups as (
    select * from {{ ref('int_groups') }}
),

strata as (
    select distinct stratum_id from {{ ref('int_protected_observations') }}
    where dimension_code <> 'TOTAL'

    union distinct

    select dimension_code || ':' || group_code as stratum_id from groups
),

parts as (
    select
        stratum_id,
        unnest(string_split(stratum_id, '+')) as part,
        generate_subscripts(string_split(stratum_id, '+'), 1) as part_number,
        split_part(part, ':', 1) as dimension_code,
        split_part(part, ':', 2) as group_code,
    from strata
),

combined as (
    select
        parts.stratum_id,
        if(count(*) = 1, min(parts.dimension_code), 'CROSS') as dimension_code,
        string_agg(parts.group_code, '+' order by parts.part_number) as group_code,
        string_agg(coalesce(groups.group_name, parts.group_code), ', ' order by parts.part_number) as group_name,
        {% for dimension in ['SEX', 'AGE', 'NUTS2', 'DEGURBA', 'ISCED11', 'QUANTILE', 'C_BIRTH'] %}
            max(parts.group_code) filter (where parts.dimension_code = '{{ dimension }}') as {{ dimension | lower }},
        {% endfor %}
    from parts
    left join groups
        on
            parts.dimension_code = groups.dimension_code
            and parts.group_code = groups.group_code
    group by parts.stratum_id
),

final as (
    select
        'TOTAL' as stratum_id,
        'TOTAL' as dimension_code,
        'TOTAL' as group_code,
        'Total' as group_name,

    union all by name

    select
        'AGE_STANDARDISED' as stratum_id,
        'AGE_STANDARDISED' as dimension_code,
        'ESP2013' as group_code,
        'Total, with the ages of the European Standard Population 2013' as group_name,

    union all by name

    select * from combined
)

select * from final
order by stratum_id
