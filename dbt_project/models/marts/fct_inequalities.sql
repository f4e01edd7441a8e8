-- Every measure of inequality between the groups of a dimension, or the reason why there is none.
with

-- The two groups of a gap may be shown where others are hidden; measures over all groups need them all.
measured as (
    select
        units.unit_id,
        units.country_code,
        units.indicator_code,
        units.period,
        units.site_code,
        units.dimension_code,
        units.is_synthetic,
        measures.measure,
        measures.estimate,
        measures.se,
        measures.lower_ci,
        measures.upper_ci,
        measures.reference_group,
        measures.compared_group,
        measures.groups_used,
        coalesce(
            if(measures.measure in ('d', 'r'), units.pair_reason, units.whole_reason), measures.null_reason
        ) as null_reason,
    from {{ ref('int_inequality_units') }} as units
    inner join {{ ref('int_measures') }} as measures
        on units.unit_id = measures.unit_id
    where {{ in_part('measures.unit_id') }}
),

final as (
    select
        unit_id,
        country_code,
        indicator_code,
        period,
        site_code,
        dimension_code,
        measure,
        if(null_reason is null, estimate, null) as estimate,
        if(null_reason is null, se, null) as se,
        if(null_reason is null, lower_ci, null) as lower_ci,
        if(null_reason is null, upper_ci, null) as upper_ci,
        null_reason,
        if(null_reason is null, reference_group, null) as reference_group,
        if(null_reason is null, compared_group, null) as compared_group,
        groups_used,
        is_synthetic,
    from measured
)

-- Units are numbered in the order of their keys.
select * exclude (unit_id) from final
order by unit_id, measure
