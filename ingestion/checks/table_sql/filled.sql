-- The rows that may stand beside each other as periods.
select source_row, true as is_current, block_id, stratum_id, line_id, numerator, denominator, value, obs_status
from comparable
where is_filled and not is_damaged
