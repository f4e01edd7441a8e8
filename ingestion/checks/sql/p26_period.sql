-- A period has the form of the indicator's periodicity, is over before the round closes, and its indicator is asked for.
with

periods as (
    select
        block.*,
        codes.label as periodicity_label,
        regexp_matches(block.time_period, codes.period_pattern) as has_form,
        (select max(closes_on) from catalogue.rounds) as closes_on
    from block
    inner join catalogue.codes_periodicity as codes on block.periodicity_code = codes.code
),

judged as (
    select
        periods.*,
        retired.first_period as retired_from,
        retired.new_indicator_code,
        if(right(time_period, 3) = '-S1', make_date(period_year, 6, 30), make_date(period_year, 12, 31)) as ends_on,
        period_year < year(closes_on) - parameter('P26', 'most_years_back') as is_long_ago
    from periods
    left join catalogue.indicator_changes as retired
        on
            periods.indicator = retired.indicator_code
            and retired.change = 'retired'
            and periods.time_period >= retired.first_period
),

-- Two neighbouring digits are easily swapped: 2204 for 2024. One period at most is meant, among those asked for.
swapped as (
    select
        block_id,
        periodicity_code,
        concat(
            unnest([
                concat(time_period[2], time_period[1], time_period[3], time_period[4]),
                concat(time_period[1], time_period[3], time_period[2], time_period[4]),
                concat(time_period[1], time_period[2], time_period[4], time_period[3])
            ]),
            substr(time_period, 5)
        ) as period
    from judged
    where retired_from is null
),

meant as (
    select
        block_id,
        period
    from swapped
    where (periodicity_code, period) in (select (periodicity_code, period) from catalogue.round_periods)
),

examples as (
    select
        periodicity_code,
        max(period) as example
    from catalogue.round_periods
    group by periodicity_code
)

select
    observation.source_row,
    'TIME_PERIOD' as column_name,
    case
        when not has_form then say('the periodicity of {indicator} is “{periodicity_label}”, for example {example}')
        when retired_from is not null then say('{indicator} is not asked for from {first_period} on')
        when is_long_ago then say('no round asks for a period so long ago')
        else say('the period is not over when the round closes on {closes_on}')
    end as expected,
    case
        when not has_form then null
        when new_indicator_code is not null then say('Send {new_indicator} instead; earlier periods stay as they are.')
        when retired_from is not null then say('Do not send these rows; earlier periods stay as they are.')
        when meant.period is not null then null
        else say('Leave these rows out. A period that is not over is sent in the next round.')
    end as advice,
    meant.period as proposal,
    {
        'periodicity_label': periodicity_label,
        'example': examples.example,
        'first_period': judged.retired_from,
        'new_indicator': judged.new_indicator_code,
        'closes_on': cast(judged.closes_on as varchar)
    } as given
from judged
inner join observation on judged.block_id = observation.block_id
left join meant on judged.block_id = meant.block_id
left join examples on judged.periodicity_code = examples.periodicity_code
where not has_form or ends_on > closes_on or is_long_ago or retired_from is not null
