-- One row per (indicator, expected period), oldest first.
select indicator_code, period from expected_period order by indicator_code, period
