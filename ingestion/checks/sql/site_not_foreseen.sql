-- A row carries one of the sites that its indicator is reported for, or none.
with

foreseen as (
    select
        indicator_code,
        string_agg(site_code, ', ' order by rowid) as sites
    from catalogue.indicator_sites
    group by indicator_code
)

select
    observation.source_row,
    'SITE' as column_name,
    observation.site as found,
    coalesce(foreseen.sites, 'no single sites') as expected
from observation
left join foreseen on observation.indicator = foreseen.indicator_code
where
    observation.site_key <> (
        select total_code from catalogue.dimensions
        where dimension_code = 'SITE'
    )
    and observation.site in (select code from catalogue.codes_site)
    and not exists (
        select 1
        from catalogue.indicator_sites
        where
            indicator_sites.indicator_code = observation.indicator
            and indicator_sites.site_code = observation.site
    )
