-- Counts of people, tests and laboratories are whole; full-time equivalents may carry one decimal.
-- needs observation where numerator <> round(numerator) or denominator <> round(denominator)
select
    source_row,
    column_name,
    if(allows_fractional_count, say('a whole number, or one with one decimal'), say('a whole number')) as expected
from figure
where
    is_count
    and abs(number - round(number, if(allows_fractional_count, 1, 0))) > 1e-9
