-- Expected are the headline figure, and the breakdowns that the indicator requires, site by site and group by group.
-- A suppressed figure was reported; one that cannot exist is not expected.
with

expected_sites as (
    select * from {{ ref('int_expected_sites') }}
),

estimates as (
    select
        *,
        case
            when publication_status in ('not_reported', 'suppressed') then publication_status
            when null_reason = 'not_applicable' then 'not_applicable'
            else 'reported'
        end as figure_state,
    from {{ ref('fct_estimates') }}
),

requirements as (
    select
        indicator_code,
        dimension_code,
    from {{ ref('indicator_disaggregations') }}
    where requirement = 'required'
),

single_sex_sites as (
    select code as site_code
    from {{ ref('codes_site') }}
    where sex_restriction <> {{ total_code('SEX') }}
),

-- A country of one region has no regional breakdown to send.
groups as (
    select * from {{ ref('int_groups') }}
    where is_compared or is_other_level
    qualify dimension_code <> 'NUTS2' or count(*) over (partition by dimension_code, country_code) > 1
),

headlines as (
    select
        country_code,
        indicator_code,
        period,
        'TOTAL' as dimension_code,
        case
            when bool_or(figure_state = 'reported') then 'reported'
            when bool_or(figure_state = 'suppressed') then 'suppressed'
            when bool_or(figure_state = 'not_reported') then 'not_reported'
            else 'not_applicable'
        end as figure_state,
    from estimates
    where stratum_id = 'TOTAL'
    group by country_code, indicator_code, period
),

figures_by_site as (
    select
        expected_sites.country_code,
        expected_sites.indicator_code,
        expected_sites.period,
        'SITE' as dimension_code,
        estimates.figure_state,
    from expected_sites
    inner join requirements
        on
            expected_sites.indicator_code = requirements.indicator_code
            and requirements.dimension_code = 'SITE'
    inner join estimates
        on
            expected_sites.country_code = estimates.country_code
            and expected_sites.indicator_code = estimates.indicator_code
            and expected_sites.period = estimates.period
            and expected_sites.site_code = estimates.site_code
            and estimates.stratum_id = 'TOTAL'
),

all_figures_by_group as (
    select
        expected_sites.country_code,
        expected_sites.indicator_code,
        expected_sites.period,
        expected_sites.site_code,
        groups.dimension_code,
        groups.is_compared,
        coalesce(estimates.figure_state, 'not_reported') as figure_state,
        coalesce(estimates.figure_state in ('reported', 'suppressed'), false) as is_reported,
    from expected_sites
    inner join requirements
        on expected_sites.indicator_code = requirements.indicator_code
    inner join groups
        on
            requirements.dimension_code = groups.dimension_code
            and expected_sites.country_code = coalesce(groups.country_code, expected_sites.country_code)
    left join estimates
        on
            expected_sites.country_code = estimates.country_code
            and expected_sites.indicator_code = estimates.indicator_code
            and expected_sites.period = estimates.period
            and expected_sites.site_code = estimates.site_code
            and groups.dimension_code = estimates.dimension_code
            and groups.group_code = estimates.group_code
    where
        groups.dimension_code <> 'SEX'
        or expected_sites.site_code not in (select single_sex_sites.site_code from single_sex_sites)
),

-- Where ages were sent at another level only, those are what could be expected.
figures_by_group as (
    select * from all_figures_by_group
    window unit as (partition by country_code, indicator_code, period, site_code, dimension_code)
    qualify
        if(
            bool_or(is_reported and is_compared) over unit or not bool_or(is_reported) over unit,
            is_compared,
            is_reported
        )
),

unified as (
    select * from headlines
    union all by name
    select * from figures_by_site
    union all by name
    select * exclude (site_code, is_compared, is_reported) from figures_by_group
)

select * from unified
