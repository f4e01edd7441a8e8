-- What was sent before, and is not sent again.
select source_row, false as is_current, block_id, stratum_id, line_id, numerator, denominator, value, obs_status
from observed_before
where
    is_filled
    and (indicator, time_period) not in (
        select (block.indicator, block.time_period) from block
        where block_id in (select block_id from observation)
    )
