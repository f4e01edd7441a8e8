-- One row per (indicator, period that this round expects). The other queries join it.
create temp table expected_period as
select
    indicators.indicator_code,
    round_periods.period,
    round_periods.period = max(round_periods.period) over (partition by indicators.indicator_code) as is_latest,
from marts.dim_indicator as indicators
inner join catalogue.round_periods as round_periods using (periodicity_code)
where round_periods.round_id = $round_id
