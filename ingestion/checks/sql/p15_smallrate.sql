-- A rate from few events is shown with an exact interval and is not standardised.
select
    source_row,
    'NUMERATOR' as column_name,
    say('{fewest} events or more') as expected,
    {'fewest': parameter('P15', 'fewest_events')} as given
from observation
where measure_type_code = 'RATE100K' and is_total and numerator >= 0 and numerator < parameter('P15', 'fewest_events')
