-- The steps of a care pathway follow each other: those of one step are those who may take the next.
with

counts as (
    unpivot (
        select
            indicator,
            source_row,
            ref_area,
            time_period,
            site_key,
            stratum_key,
            numerator,
            denominator
        from comparable
    )
    on numerator, denominator
    into name column_name value counted
)

select
    downstream.source_row,
    upper(downstream.column_name) as column_name,
    number_text(downstream.counted) as found,
    links.upstream_indicator_code || ' has ' || lower(links.upstream_column) || ' ' || number_text(upstream.counted)
    || ' for the same group and period'
    || if(links.relation = 'at_most', ', and this cannot be more', '') as expected
from catalogue.indicator_chains as links
inner join counts as upstream
    on links.upstream_indicator_code = upstream.indicator and lower(links.upstream_column) = upstream.column_name
inner join counts as downstream
    on
        links.downstream_indicator_code = downstream.indicator
        and lower(links.downstream_column) = downstream.column_name
        and upstream.ref_area = downstream.ref_area
        and upstream.time_period = downstream.time_period
        and upstream.site_key = downstream.site_key
        and upstream.stratum_key = downstream.stratum_key
where
    downstream.counted > upstream.counted * (1 + links.slack_pct / 100)
    or (links.relation = 'equal' and downstream.counted < upstream.counted * (1 - links.slack_pct / 100))
