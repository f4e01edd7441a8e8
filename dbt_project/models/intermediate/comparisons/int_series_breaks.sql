-- Where a series starts anew. A break counts also where its number is hidden: the numbers around it stay incomparable.
with

observations as (
    select * from {{ ref('stg_observations') }}
    where obs_status = 'B'
),

final as (
    select distinct
        observations.country_code,
        observations.indicator_code,
        observations.period,
        observations.site_code,
        observations.dimension_code,
    from observations
    inner join {{ ref('int_blocks_in_force') }} as blocks_in_force
        on
            observations.submission_id = blocks_in_force.submission_id
            and observations.country_code = blocks_in_force.country_code
            and observations.indicator_code = blocks_in_force.indicator_code
            and observations.period = blocks_in_force.period
    where blocks_in_force.is_this_release
)

select * from final
