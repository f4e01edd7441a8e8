-- The groups of each unit, but for those that cannot exist beside others that can, in the columns that `pcm measures`
-- reads from an analyst's own file.
-- The whole that a proportion is of serves as the population of its group.
with

final as (
    select
        units.unit_id,
        groups.group_code,
        groups.group_order,
        groups.value as estimate,
        groups.se,
        groups.denominator as population,
        groups.is_favourable,
        coalesce(groups.group_code = dimensions.reference_group, false) as is_reference,
        -- A gap is between the highest and the lowest; the reference serves the measures that are about it.
        false as is_gap_from_reference,
        if(indicators.measure_type_code = 'PROP', 100::double, null) as scale,
        indicators.hard_min as lower_bound,
        indicators.hard_max as upper_bound,
        null::double as setting_average,
    from {{ ref('int_compared_groups') }} as groups
    inner join {{ ref('int_inequality_units') }} as units
        on
            groups.country_code = units.country_code
            and groups.indicator_code = units.indicator_code
            and groups.period = units.period
            and groups.site_code = units.site_code
            and groups.dimension_code = units.dimension_code
    inner join {{ ref('dimensions') }} as dimensions
        on groups.dimension_code = dimensions.dimension_code
    inner join {{ ref('indicators') }} as indicators
        on groups.indicator_code = indicators.indicator_code
    where groups.null_reason is distinct from 'not_applicable' or units.pair_reason is not null
)

select * from final
