-- Single sites do not hold many more people than all sites together: few people have several cancers in one period.
-- No indicator is reported for a site and for one within it.
-- needs block where site_key <> (select total_code from catalogue.dimensions where dimension_code = 'SITE')
--   and (indicator, time_period) in (
--   select (indicator, time_period) from block
--   where site_key = (select total_code from catalogue.dimensions where dimension_code = 'SITE'))
with

summed as (
    select
        indicator,
        time_period,
        stratum_id,
        sum(numerator) as numerator_sum,
        sum(denominator) as denominator_sum,
        max(numerator) as largest_numerator,
        max(denominator) as largest_denominator
    from comparable
    where
        site_key in (
            select code from catalogue.codes_site
            where parent_code is not null
        )
        -- Who is invited for one cancer may be invited for another, too.
        and indicator not in (
            select indicator_code from catalogue.check_exceptions
            where rule = 'SITES_ABOVE_ALL'
        )
    group by indicator, time_period, stratum_id
),

long as (
    select
        all_sites.source_row,
        unnest([
            {
                'column_name': 'NUMERATOR',
                'counted': if(all_sites.counts_numerator, all_sites.numerator, null),
                'site_sum': numerator_sum,
                'largest_site': largest_numerator
            },
            {
                'column_name': 'DENOMINATOR',
                'counted': if(all_sites.counts_denominator, all_sites.denominator, null),
                'site_sum': denominator_sum,
                'largest_site': largest_denominator
            }
        ], recursive := true)
    from summed
    inner join comparable as all_sites
        on
            summed.indicator = all_sites.indicator
            and summed.time_period = all_sites.time_period
            and summed.stratum_id = all_sites.stratum_id
    inner join catalogue.dimensions on all_sites.site_key = dimensions.total_code
)

select
    source_row,
    column_name,
    say('the single sites add up to {sum}') as expected,
    {'sum': site_sum} as given
from long
where
    site_sum > counted * parameter('SITES_ABOVE_ALL', 'most_of_all_pct') / 100
    -- One that passes all sites by itself has its own answer.
    and largest_site <= counted
