-- The headline figures that are expected: for the site breakdowns that an indicator requires, one per site; for the
-- others, the sites that the country chose, or the first one listed if it sent none; without sites, all sites together.
with

sites as (
    select
        indicator_code,
        site_code,
        row_number() over () as listed_order,
    from {{ ref('indicator_sites') }}
),

site_requirements as (
    select indicator_code
    from {{ ref('indicator_disaggregations') }}
    where dimension_code = 'SITE' and requirement = 'required'
),

first_sites as (
    select
        indicators.indicator_code,
        coalesce(arg_min(sites.site_code, sites.listed_order), any_value({{ total_code('SITE') }})) as site_code,
    from {{ ref('indicators') }} as indicators
    left join sites on indicators.indicator_code = sites.indicator_code
    group by indicators.indicator_code
),

expected as (
    select
        roster.country_code,
        periods.indicator_code,
        periods.period,
    from {{ ref('int_roster') }} as roster
    cross join {{ ref('int_expected_periods') }} as periods
),

chosen as (
    select
        country_code,
        indicator_code,
        period,
        site_code,
    from {{ ref('fct_observations') }}
    where stratum_id = 'TOTAL'
),

required_sites as (
    select
        expected.*,
        sites.site_code,
    from expected
    inner join site_requirements on expected.indicator_code = site_requirements.indicator_code
    inner join sites on expected.indicator_code = sites.indicator_code
),

free_sites as (
    select
        expected.*,
        coalesce(chosen.site_code, first_sites.site_code) as site_code,
    from expected
    inner join first_sites on expected.indicator_code = first_sites.indicator_code
    anti join site_requirements on expected.indicator_code = site_requirements.indicator_code
    left join chosen
        on
            expected.country_code = chosen.country_code
            and expected.indicator_code = chosen.indicator_code
            and expected.period = chosen.period
)

select * from required_sites
union all by name
select * from free_sites
