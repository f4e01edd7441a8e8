-- The groups of each unit as the measures need them, in the letters of docs/methods: y estimate, s standard error, p share
-- of the population, r relative rank from the most disadvantaged, mu mean. p, r and mu are NULL, and so is what follows
-- from them, where the measures over all groups are undefined.
with

groups as (
    select
        *,
        sum(population) over (partition by unit_id order by group_order rows unbounded preceding) as population_up_to,
    from {{ ref('int_inequality_groups') }}
),

final as (
    select
        groups.unit_id,
        groups.group_code,
        groups.group_order,
        groups.is_reference,
        groups.estimate as y,
        groups.se,
        if(units.has_errors and y is not null, groups.se, null) as s,
        if(units.null_reason is null and y is not null, groups.population / units.total_population, null) as p,
        if(
            units.null_reason is null and units.is_ordered,
            (groups.population_up_to - groups.population / 2) / units.total_population,
            null
        ) as r,
        units.scale,
        units.mu,
        units.best_y,
        units.highest_y,
        units.lowest_y,
        units.highest_other_y,
        units.lowest_other_y,
        units.reference_y,
    from groups
    inner join {{ ref('int_unit_totals') }} as units on groups.unit_id = units.unit_id
)

select * from final
