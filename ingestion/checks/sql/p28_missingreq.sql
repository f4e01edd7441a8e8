-- A required breakdown is there for every period that the file reports.
-- Rows that are hidden or not collected are there.
with

reported as (
    select *
    from sent_part
    where not exists (
        select 1
        from unclear
        where unclear.indicator = sent_part.indicator
    )
),

present as (
    select
        indicator,
        time_period,
        dimension
    from reported

    union

    select
        indicator,
        time_period,
        'SITE' as dimension
    from reported
    where exists (
        select 1
        from catalogue.indicator_sites
        where indicator_sites.indicator_code = reported.indicator and indicator_sites.site_code = reported.site_key
    )
),

periods as (
    select
        indicator,
        ref_area,
        time_period,
        min(first_filled_row) as source_row
    from reported
    where first_filled_row is not null
    group by indicator, ref_area, time_period
)

select
    min(periods.source_row) as source_row,
    required.dimension_code as column_name,
    say('rows by {dimension} for {periods}') as expected,
    {
        'dimension': required.dimension_code,
        'periods': string_agg(periods.time_period, ', ' order by periods.time_period)
    } as given
from periods
inner join catalogue.indicator_disaggregations as required
    on periods.indicator = required.indicator_code and required.requirement = 'required'
-- A country of one region, or of none that we know, has no regional breakdown to send.
left join (
    select
        country_code,
        count(*) as region_count
    from catalogue.codes_nuts2
    group by country_code
) as regions
    on periods.ref_area = regions.country_code
where
    not (required.dimension_code = 'NUTS2' and regions.region_count <= 1)
    and not exists (
        select 1
        from present
        where
            present.indicator = periods.indicator
            and present.time_period = periods.time_period
            and present.dimension = required.dimension_code
    )
group by periods.indicator, required.dimension_code
