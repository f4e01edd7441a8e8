with

-- One row per figure that is expected, with what came of it.
expected_figures as (
    select * from {{ ref('int_expected_figures') }}
),

requirements as (
    select
        indicator_code,
        dimension_code,
    from {{ ref('indicator_disaggregations') }}
    where requirement = 'required'

    union all by name

    select
        indicator_code,
        'TOTAL' as dimension_code,
    from {{ ref('indicators') }}
),

expected as (
    select
        roster.country_code,
        periods.indicator_code,
        periods.period,
        requirements.dimension_code,
    from {{ ref('int_roster') }} as roster
    cross join {{ ref('int_expected_periods') }} as periods
    inner join requirements
        on periods.indicator_code = requirements.indicator_code
),

counted as (
    select
        country_code,
        indicator_code,
        period,
        dimension_code,
        count(*) filter (where figure_state <> 'not_applicable')::integer as expected_count,
        count(*) filter (where figure_state in ('reported', 'suppressed'))::integer as reported_count,
        count(*) filter (where figure_state = 'suppressed')::integer as suppressed_count,
    from expected_figures
    group by country_code, indicator_code, period, dimension_code
),

held_blocks as (
    select * from {{ ref('int_held_blocks') }}
),

final as (
    select
        expected.country_code,
        expected.indicator_code,
        expected.period,
        expected.dimension_code,
        coalesce(counted.expected_count, 0) as expected_count,
        coalesce(counted.reported_count, 0) as reported_count,
        case
            when coalesce(counted.expected_count, 0) = 0 then 'not_applicable'
            when counted.reported_count = 0 then 'not_reported'
            when counted.reported_count < counted.expected_count then 'partial'
            when counted.suppressed_count = counted.reported_count then 'suppressed'
            else 'complete'
        end as completeness_status,
        held_blocks.country_code is not null as is_held,
    from expected
    left join counted
        on
            expected.country_code = counted.country_code
            and expected.indicator_code = counted.indicator_code
            and expected.period = counted.period
            and expected.dimension_code = counted.dimension_code
    left join held_blocks
        on
            expected.country_code = held_blocks.country_code
            and expected.indicator_code = held_blocks.indicator_code
            and expected.period = held_blocks.period
)

select * from final
order by country_code, indicator_code, period, dimension_code
