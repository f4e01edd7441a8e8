-- The periods that the round of this release asks for; a retired indicator is asked for no later ones.
select
    indicators.indicator_code,
    round_periods.period,
from {{ ref('indicators') }} as indicators
inner join {{ ref('round_periods') }} as round_periods
    on indicators.periodicity_code = round_periods.periodicity_code
inner join {{ ref('stg_releases') }} as releases
    on round_periods.round_id = releases.round_id
left join {{ ref('indicator_changes') }} as retired
    on
        indicators.indicator_code = retired.indicator_code
        and retired.change = 'retired'
        and round_periods.period >= retired.first_period
where releases.is_this_release and retired.indicator_code is null
