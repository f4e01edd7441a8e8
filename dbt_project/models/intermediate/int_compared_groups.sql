-- The groups between which inequality is measured, reported or not: those that the catalogue expects.
with

estimates as not materialized (
    select
        estimates.* exclude (value),
        case indicators.direction when 'higher_better' then true when 'lower_better' then false end as is_favourable,
        -- An estimate of low reliability may be read with care, but a gap would not show the care.
        if(estimates.publication_status = 'published', estimates.value, null) as value,
        estimates.publication_status <> 'not_reported'
        and coalesce(estimates.null_reason <> 'not_applicable', true) as is_reported,
    from {{ ref('fct_estimates') }} as estimates
    inner join {{ ref('indicators') }} as indicators
        on estimates.indicator_code = indicators.indicator_code
    where estimates.dimension_code not in ('TOTAL', 'CROSS')
),

groups as (
    select * from {{ ref('int_groups') }}
),

sites as (
    select
        code as site_code,
        sex_restriction <> {{ total_code('SEX') }} as is_of_one_sex,
    from {{ ref('codes_site') }}
),

units as (
    select
        estimates.country_code,
        estimates.indicator_code,
        estimates.period,
        estimates.site_code,
        estimates.dimension_code,
        any_value(estimates.is_favourable) as is_favourable,
        bool_or(estimates.is_synthetic) as is_synthetic,
        coalesce(bool_or(estimates.has_too_many_unknown), false) as has_too_many_unknown,
        bool_or(groups.is_compared) as has_first_level,
    from estimates
    inner join groups
        on
            estimates.dimension_code = groups.dimension_code
            and estimates.group_code = groups.group_code
    where estimates.is_reported and (groups.is_compared or groups.is_other_level)
    group by
        estimates.country_code,
        estimates.indicator_code,
        estimates.period,
        estimates.site_code,
        estimates.dimension_code
),

expected as (
    select
        units.*,
        groups.group_code,
        groups.is_compared,
        if(groups.is_ordered, groups.group_order, null) as group_order,
    from units
    inner join groups
        on
            units.dimension_code = groups.dimension_code
            and units.country_code = coalesce(groups.country_code, units.country_code)
            and if(units.has_first_level, groups.is_compared, groups.is_other_level)
),

final as (
    select
        expected.country_code,
        expected.indicator_code,
        expected.period,
        expected.site_code,
        expected.dimension_code,
        expected.group_code,
        case
            when expected.dimension_code = 'SEX' and sites.is_of_one_sex then 'not_applicable'
            when estimates.publication_status is null then 'missing_group'
            when estimates.publication_status = 'suppressed' then 'suppressed_group'
            when estimates.null_reason in ('not_applicable', 'no_reference_population') then 'not_applicable'
            when estimates.publication_status = 'low_reliability' then 'low_reliability_group'
            when estimates.value is null then 'missing_group'
        end as null_reason,
        expected.group_order,
        estimates.value,
        estimates.se,
        estimates.denominator,
        expected.is_favourable,
        expected.is_synthetic,
        expected.has_too_many_unknown,
    from expected
    inner join sites on expected.site_code = sites.site_code
    left join estimates
        on
            expected.country_code = estimates.country_code
            and expected.indicator_code = estimates.indicator_code
            and expected.period = estimates.period
            and expected.site_code = estimates.site_code
            and expected.dimension_code = estimates.dimension_code
            and expected.group_code = estimates.group_code
    where expected.has_first_level or estimates.is_reported
)

select * from final
