-- The European Standard Population 2013 in the age classes of the code list: those of five years, and those above them.
with

five_year as (
    select
        classes.code as age_code,
        classes.parent_code,
        sum(standard.standard_population_count) as standard_population_count,
    from {{ ref('codes_age') }} as classes
    inner join {{ ref('esp2013') }} as standard
        on classes.code in (standard.age_code, standard.parent_age_code)
    where classes.age_level = 'five_year'
    group by classes.code, classes.parent_code
),

final as (
    select
        age_code,
        'five_year' as age_level,
        standard_population_count,
    from five_year

    union all by name

    select
        parent_code as age_code,
        'reporting' as age_level,
        sum(standard_population_count) as standard_population_count,
    from five_year
    group by parent_code
)

select * from final
