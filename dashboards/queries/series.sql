-- One row per (indicator, site) that holds or should hold figures; the first of an indicator is its headline:
-- the first site that the catalogue lists for it among those with a figure.
with

listed as (
    select indicator_code, site_code, row_number() over () as listed_order
    from catalogue.indicator_sites
),

held as (
    select
        indicator_code,
        site_code,
        bool_or(publication_status in ('published', 'low_reliability', 'suppressed')) as is_reported,
    from marts.fct_estimates
    where dimension_code = 'TOTAL'
    group by indicator_code, site_code
),

final as (
    select
        held.indicator_code,
        held.site_code,
        sites.label as site_label,
        held.is_reported,
        listed.site_code is not null as is_listed,
        row_number() over (
            partition by held.indicator_code
            order by held.is_reported desc, listed.listed_order nulls last, held.site_code
        ) as series_order,
    from held
    left join listed using (indicator_code, site_code)
    left join catalogue.codes_site as sites on sites.code = held.site_code
)

select indicator_code, site_code, site_label, is_listed
from final
order by indicator_code, series_order
