-- A correction that changes much of what is published is explained.
-- needs earlier where is_published
with

compared as (
    select
        current_row.indicator,
        current_row.source_row,
        current_row.has_comment,
        current_row.numerator is distinct from published.numerator
        or current_row.denominator is distinct from published.denominator
        or current_row.value is distinct from published.value as is_changed
    from comparable as current_row
    inner join observed_before as published
        on current_row.block_id = published.block_id and current_row.stratum_id = published.stratum_id
    where published.is_published
)

select
    min(source_row) filter (where is_changed) as source_row,
    'INDICATOR' as column_name,
    say('at most {most} % of the published rows changed, or the reason in OBS_COMMENT') as expected,
    {
        'changed': count(*) filter (where is_changed),
        'count': count(*),
        'most': parameter('P33', 'most_changed_pct')
    } as given
from compared
group by indicator
having
    100 * count(*) filter (where is_changed) > parameter('P33', 'most_changed_pct') * count(*)
    and not bool_and(has_comment) filter (where is_changed)
