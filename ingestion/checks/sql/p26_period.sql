-- A period has the form of the indicator's periodicity and is over before the round closes.
with

periods as (
    select
        observation.*,
        codes.label as periodicity,
        regexp_matches(observation.time_period, codes.period_pattern) as has_form,
        try_cast(left(observation.time_period, 4) as integer) as period_year,
        (select max(closes_on) from catalogue.rounds) as closes_on
    from observation
    inner join catalogue.codes_periodicity as codes on observation.periodicity_code = codes.code
    where observation.time_period is not null
),

judged as (
    select
        *,
        case
            when right(time_period, 3) = '-S1' then make_date(period_year, 6, 30)
            else make_date(period_year, 12, 31)
        end as ends_on
    from periods
    where has_form

    union all by name

    select
        *,
        cast(null as date) as ends_on
    from periods
    where not has_form
)

select
    source_row,
    'TIME_PERIOD' as column_name,
    time_period as found,
    case
        when not has_form
            then indicator || ' is ' || lower(periodicity) || ', for example ' || example.period
        when period_year < year(closes_on) - 50 then 'no round asks for a period so long ago'
        else 'the period is not over when the round closes on ' || strftime(closes_on, '%Y-%m-%d')
    end as expected
from judged
left join (
    select
        periodicity_code,
        max(period) as period
    from catalogue.round_periods
    group by periodicity_code
) as example
    on judged.periodicity_code = example.periodicity_code
where not has_form or ends_on > closes_on or period_year < year(closes_on) - 50
