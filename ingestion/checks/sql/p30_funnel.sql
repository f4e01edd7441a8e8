-- The steps of a care pathway follow each other: those of one step are those who may take the next.
-- needs block where indicator in (select downstream_indicator_code from catalogue.indicator_chains)
with

counts as (
    select
        indicator,
        source_row,
        time_period,
        site_key,
        stratum_id,
        unnest([
            {'column_name': 'NUMERATOR', 'counted': numerator},
            {'column_name': 'DENOMINATOR', 'counted': denominator}
        ], recursive := true)
    from comparable
    where
        indicator in (select upstream_indicator_code from catalogue.indicator_chains)
        or indicator in (select downstream_indicator_code from catalogue.indicator_chains)
)

select
    downstream.source_row,
    downstream.column_name,
    if(
        links.relation = 'at_most',
        say('at most {upstream}, the {upstream_column} of {upstream_indicator} for the same group and period'),
        say('about {upstream}, the {upstream_column} of {upstream_indicator} for the same group and period')
    ) as expected,
    {
        'upstream': upstream.counted,
        'upstream_column': links.upstream_column,
        'upstream_indicator': links.upstream_indicator_code
    } as given
from catalogue.indicator_chains as links
inner join counts as upstream
    on links.upstream_indicator_code = upstream.indicator and links.upstream_column = upstream.column_name
inner join counts as downstream
    on
        links.downstream_indicator_code = downstream.indicator
        and links.downstream_column = downstream.column_name
        and upstream.time_period = downstream.time_period
        and upstream.site_key = downstream.site_key
        and upstream.stratum_id = downstream.stratum_id
where
    downstream.counted > upstream.counted * (1 + links.slack_pct / 100)
    or (links.relation = 'equal' and downstream.counted < upstream.counted * (1 - links.slack_pct / 100))
