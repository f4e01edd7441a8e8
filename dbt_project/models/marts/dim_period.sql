-- A year is one period, whether it is asked for yearly or as the year of a survey wave.
with

observed as (
    select distinct
        observations.period,
        indicators.periodicity_code,
    from {{ ref('fct_observations') }} as observations
    inner join {{ ref('indicators') }} as indicators
        on observations.indicator_code = indicators.indicator_code
),

expected as (
    select distinct
        round_periods.period,
        round_periods.periodicity_code,
    from {{ ref('round_periods') }} as round_periods
    inner join {{ ref('stg_releases') }} as releases
        on round_periods.round_id = releases.round_id
    where releases.is_this_release
),

periods as (
    select
        *,
        false as is_expected,
    from observed
    union all by name
    select
        *,
        true as is_expected,
    from expected
),

described as (
    select
        periods.period,
        arg_min(periods.periodicity_code, codes.sort_order) as periodicity_code,
        left(periods.period, 4)::integer as period_year,
        -- `S2`, the second half: the letter says how many parts a year has.
        case substr(periods.period, 6, 1)
            when 'S' then 6
            when 'Q' then 3
            else 12
        end as month_count,
        coalesce(try_cast(substr(periods.period, 7) as integer), 1) as part_number,
        bool_or(periods.is_expected) as is_expected,
    from periods
    inner join {{ ref('codes_periodicity') }} as codes
        on periods.periodicity_code = codes.code
    group by periods.period
),

final as (
    select
        period,
        periodicity_code,
        period_year,
        make_date(period_year, 1 + (part_number - 1) * month_count, 1) as period_start_on,
        last_day(make_date(period_year, part_number * month_count, 1)) as period_end_on,
        is_expected,
    from described
)

select * from final
order by period
