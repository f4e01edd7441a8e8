-- Invented figures are marked by their reference; figures sent in their place without any may be invented, too.
-- needs earlier where starts_with(reference, 'SYNTHETIC')
select
    min(source_row) as source_row,
    'REFERENCE' as column_name,
    {'count': count(*)} as given
from observation
where
    is_filled
    and not has_reference
    and exists (
        select 1 from earlier
        where
            earlier.indicator = observation.indicator
            and earlier.time_period = observation.time_period
            and starts_with(earlier.reference, 'SYNTHETIC')
    )
group by indicator
