-- Counts of people, tests and laboratories are whole; full-time equivalents may carry one decimal. A score counts, too.
-- needs observation where numerator <> round(numerator) or denominator <> round(denominator)
--   or (measure_type_code = 'SCORE' and obs_value <> round(obs_value))
select
    source_row,
    column_name,
    if(allows_fractional_count, say('a whole number, or one with one decimal'), say('a whole number')) as expected
from figure
where
    is_count
    and abs(number - round(number, if(allows_fractional_count, 1, 0))) > 1e-9

union all

select
    source_row,
    'OBS_VALUE' as column_name,
    say('a whole number') as expected
from observation
where
    measure_type_code = 'SCORE'
    and obs_value <> round(obs_value)
    -- A value outside the range has its own answer.
    and obs_value between hard_min and hard_max
