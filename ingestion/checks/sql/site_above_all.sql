-- No single site, nor a site within a site, holds more people than all sites together.
-- needs block where site_key <> (select total_code from catalogue.dimensions where dimension_code = 'SITE')
--   and (indicator, time_period) in (
--   select (indicator, time_period) from block
--   where site_key = (select total_code from catalogue.dimensions where dimension_code = 'SITE'))
with

sites as (
    select *
    from comparable
    where
        site_key in (
            select code from catalogue.codes_site
            where parent_code is not null
        )
),

long as (
    select
        sites.source_row,
        all_sites.source_row as total_row,
        unnest([
            {
                'column_name': 'NUMERATOR',
                'counted': if(sites.counts_numerator, sites.numerator, null),
                'total_count': all_sites.numerator
            },
            {
                'column_name': 'DENOMINATOR',
                'counted': if(sites.counts_denominator, sites.denominator, null),
                'total_count': all_sites.denominator
            }
        ], recursive := true)
    from sites
    inner join comparable as all_sites
        on
            sites.indicator = all_sites.indicator
            and sites.time_period = all_sites.time_period
            and sites.stratum_id = all_sites.stratum_id
    where all_sites.site_key = (
        select total_code from catalogue.dimensions
        where dimension_code = 'SITE'
    )
)

select
    source_row,
    column_name,
    say('at most {total}, the count of all sites in row {total_row}') as expected,
    {'total': total_count, 'total_row': cast(total_row as varchar)} as given
from long
where counted > total_count
