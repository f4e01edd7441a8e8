-- D = y1 - y2 and R = y1 / y2 of a pair of groups, with delta-method standard errors; that of R is on the log scale.
with

gaps as (
    select * from {{ ref('int_gaps') }}
),

differences as (
    select
        *,
        'd' as measure,
        y1 - y2 as estimate,
        sqrt(s1 ^ 2 + s2 ^ 2) as se,
        estimate - {{ z_95() }} * se as lower_ci,
        estimate + {{ z_95() }} * se as upper_ci,
    from gaps
),

-- A ratio needs values above zero; a first value of zero gives the ratio 0, which has no interval.
ratios as (
    select
        * replace (
            case
                when null_reason is not null then null_reason
                when y1 < 0 or y2 < 0 then 'not_applicable'
                when y2 = 0 then 'zero_denominator'
            end as null_reason
        ),
        'r' as measure,
        if(y1 >= 0 and y2 > 0, y1 / y2, null) as estimate,
        if(y1 > 0 and y2 > 0, sqrt((s1 / y1) ^ 2 + (s2 / y2) ^ 2), null) as se,
        estimate * exp(-{{ z_95() }} * se) as lower_ci,
        estimate * exp({{ z_95() }} * se) as upper_ci,
    from gaps
),

measured as (
    select * from differences
    union all by name
    select * from ratios
),

final as (
    select
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

select * from final
order by country_code, indicator_code, period, site_code, dimension_code, measure
