-- A row carries one of the sites that its indicator is reported for, or none.
-- needs block where (indicator, site_key) not in (select (indicator_code, site_code) from catalogue.indicator_sites)
with

foreseen as (
    select
        indicator_code,
        string_agg(site_code, ', ' order by rowid) as sites
    from catalogue.indicator_sites
    group by indicator_code
),

unforeseen as (
    select block.*
    from block
    where
        site_key <> (
            select total_code from catalogue.dimensions
            where dimension_code = 'SITE'
        )
        and site_key in (select code from catalogue.codes_site)
        and not exists (
            select 1
            from catalogue.indicator_sites
            where indicator_sites.indicator_code = block.indicator and indicator_sites.site_code = block.site_key
        )
)

select
    observation.source_row,
    'SITE' as column_name,
    if(foreseen.sites is null, say('no single sites'), say('one of {codes}')) as expected,
    {'codes': foreseen.sites} as given
from unforeseen
inner join observation on unforeseen.block_id = observation.block_id
left join foreseen on unforeseen.indicator = foreseen.indicator_code
