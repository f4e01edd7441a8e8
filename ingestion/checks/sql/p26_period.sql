-- A period has the form of the indicator's periodicity and is over before the round closes.
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
        *,
        if(right(time_period, 3) = '-S1', make_date(period_year, 6, 30), make_date(period_year, 12, 31)) as ends_on,
        period_year < year(closes_on) - parameter('P26', 'most_years_back') as is_long_ago
    from periods
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
        when not has_form then say('{indicator} is {periodicity_label}, for example {example}')
        when is_long_ago then say('no round asks for a period so long ago')
        else say('the period is not over when the round closes on {closes_on}')
    end as expected,
    if(
        has_form,
        say('Leave these rows out. A period that is not over is sent in the next round.'),
        null
    ) as advice,
    {
        'periodicity_label': periodicity_label,
        'example': examples.example,
        'closes_on': cast(judged.closes_on as varchar)
    } as given
from judged
inner join observation on judged.block_id = observation.block_id
left join examples on judged.periodicity_code = examples.periodicity_code
where not has_form or ends_on > closes_on or is_long_ago
