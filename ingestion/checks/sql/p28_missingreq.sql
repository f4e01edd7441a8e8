-- A required breakdown is there for every period that the file reports.
with

reported as (
    select
        indicator,
        ref_area,
        time_period,
        min(source_row) as source_row
    from comparable
    where is_filled
    group by all
),

present as (
    select distinct
        comparable.indicator,
        comparable.ref_area,
        comparable.time_period,
        part.dimension
    from part
    inner join comparable on part.source_row = comparable.source_row

    union

    select distinct
        indicator,
        ref_area,
        time_period,
        'SITE' as dimension
    from comparable
    where exists (
        select 1
        from catalogue.indicator_sites
        where indicator_sites.indicator_code = comparable.indicator and indicator_sites.site_code = comparable.site_key
    )
)

select
    min(reported.source_row) as source_row,
    required.dimension_code as column_name,
    string_agg(reported.time_period, ', ' order by reported.time_period) as found,
    'rows by ' || required.dimension_code as expected
from reported
inner join catalogue.indicator_disaggregations as required
    on reported.indicator = required.indicator_code and required.requirement = 'required'
-- A country of one region has no regional breakdown to send.
left join (
    select
        country_code,
        count(*) as region_count
    from catalogue.codes_nuts2
    group by country_code
) as regions
    on reported.ref_area = regions.country_code
where
    not (required.dimension_code = 'NUTS2' and coalesce(regions.region_count, 0) <= 1)
    and not exists (
        select 1
        from present
        where
            present.indicator = reported.indicator
            and present.ref_area = reported.ref_area
            and present.time_period = reported.time_period
            and present.dimension = required.dimension_code
    )
    and not exists (
        select 1 from unclear
        where unclear.indicator = reported.indicator
    )
group by reported.indicator, required.dimension_code
