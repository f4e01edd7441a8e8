-- A version lasts from release to release until a number of it changes or it goes away; sent again unchanged, it is
-- the same version. Only what is public is compared, so that a change behind a suppression stays hidden.
with

observations as (
    select
        *,
        {
            'numerator': numerator,
            'denominator': denominator,
            'obs_value': obs_value,
            'is_suppressed': is_suppressed
        } as figures,
    from {{ ref('int_protected_observations') }}
),

releases as (
    select * from {{ ref('stg_releases') }}
),

stays as (
    select
        observations.country_code,
        observations.indicator_code,
        observations.period,
        observations.site_code,
        observations.stratum_id,
        observations.submission_id,
        observations.figures,
        spells.first_release_number,
        lag(observations.figures) over same_key as earlier_figures,
        lag(spells.last_release_number) over same_key as earlier_release_number,
        max(spells.last_release_number) over (
            same_key rows between unbounded preceding and unbounded following
        ) as latest_release_number,
    from observations
    inner join {{ ref('int_block_spells') }} as spells
        on
            observations.submission_id = spells.submission_id
            and observations.country_code = spells.country_code
            and observations.indicator_code = spells.indicator_code
            and observations.period = spells.period
    window same_key as (
        partition by
            observations.country_code,
            observations.indicator_code,
            observations.period,
            observations.site_code,
            observations.stratum_id
        order by spells.first_release_number
    )
),

-- A version starts with a stay that differs from the one before, and ends with the last stay before the next version.
versions as (
    select
        *,
        (row_number() over same_key)::integer as vintage_number,
        coalesce(lead(earlier_release_number) over same_key, latest_release_number) as last_release_number,
    from stays
    where figures is distinct from earlier_figures or earlier_release_number + 1 is distinct from first_release_number
    window same_key as (
        partition by country_code, indicator_code, period, site_code, stratum_id
        order by first_release_number
    )
),

final as (
    select
        versions.country_code,
        versions.indicator_code,
        versions.period,
        versions.site_code,
        versions.stratum_id,
        versions.vintage_number,
        versions.submission_id,
        versions.figures.numerator,
        versions.figures.denominator,
        versions.figures.obs_value,
        versions.figures.is_suppressed,
        first_releases.release_id as first_release_id,
        last_releases.release_id as last_release_id,
        last_releases.is_this_release as is_current,
    from versions
    inner join releases as first_releases
        on versions.first_release_number = first_releases.release_number
    inner join releases as last_releases
        on versions.last_release_number = last_releases.release_number
)

select * from final
order by country_code, indicator_code, period, site_code, stratum_id, vintage_number
