-- What stands in this release: the blocks in force, with all that must be hidden already hidden.
with

observations as (
    select * from {{ ref('int_protected_observations') }}
),

blocks_in_force as (
    select * from {{ ref('int_blocks_in_force') }}
    where is_this_release
),

final as (
    select
        observations.country_code,
        observations.indicator_code,
        observations.period,
        observations.site_code,
        observations.stratum_id,
        observations.dimension_code,
        observations.group_code,
        observations.numerator,
        observations.denominator,
        observations.obs_value,
        observations.p25,
        observations.p75,
        observations.obs_status,
        observations.conf_status,
        observations.is_suppressed,
        observations.is_synthetic,
        observations.obs_comment,
        observations.reference,
        observations.submission_id,
        observations.source_row,
    from observations
    inner join blocks_in_force
        on
            observations.submission_id = blocks_in_force.submission_id
            and observations.country_code = blocks_in_force.country_code
            and observations.indicator_code = blocks_in_force.indicator_code
            and observations.period = blocks_in_force.period
)

select * from final
order by country_code, indicator_code, period, site_code, stratum_id
