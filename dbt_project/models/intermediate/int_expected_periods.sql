-- The periods that the round of this release asks for.
select
    indicators.indicator_code,
    round_periods.period,
from {{ ref('indicators') }} as indicators
inner join {{ ref('round_periods') }} as round_periods
    on indicators.periodicity_code = round_periods.periodicity_code
inner join {{ ref('stg_releases') }} as releases
    on round_periods.round_id = releases.round_id
where releases.is_this_release
