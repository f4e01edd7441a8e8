-- A later file replaces an indicator and a period as a whole: figures in force that it does not hold are gone.
-- needs earlier
with

sent as (
    select
        indicator,
        time_period,
        min(source_row) as source_row,
        arg_min(has_comment, source_row) as is_explained
    from observation
    group by indicator, time_period
),

lost as (
    select sent.indicator, sent.source_row, observed_before.stratum_id
    from observed_before
    inner join sent on observed_before.indicator = sent.indicator and observed_before.time_period = sent.time_period
    anti join observation
        on observed_before.block_id = observation.block_id and observed_before.stratum_id = observation.stratum_id
    where observed_before.is_filled and not sent.is_explained
)

select
    min(lost.source_row) as source_row,
    coalesce(stratum_part.dimension, 'SITE') as column_name,
    '' as found,
    {'count': count(*)} as given
from lost
left join stratum_part on lost.stratum_id = stratum_part.stratum_id
group by lost.indicator, stratum_part.dimension
