-- Counts of people, tests and laboratories are whole; full-time equivalents may carry one decimal.
select
    figure.source_row,
    figure.column_name,
    if(allows_fractional_count, say('a whole number, or one with one decimal'), say('a whole number')) as expected
from figure
inner join observation on figure.source_row = observation.source_row
where
    figure.is_count
    and abs(figure.number - round(figure.number, if(allows_fractional_count, 1, 0))) > 1e-9
