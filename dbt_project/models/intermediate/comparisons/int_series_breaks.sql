-- Where a series starts anew: its sender says so, or its indicator was redefined.
-- A break counts also where its number is hidden: the numbers around it stay incomparable.
with

in_force as (
    select observations.*
    from {{ ref('stg_observations') }} as observations
    inner join {{ ref('int_blocks_in_force') }} as blocks_in_force
        on
            observations.submission_id = blocks_in_force.submission_id
            and observations.country_code = blocks_in_force.country_code
            and observations.indicator_code = blocks_in_force.indicator_code
            and observations.period = blocks_in_force.period
    where blocks_in_force.is_this_release
),

-- The first period that a series has under the new definition.
redefined as (
    select in_force.*
    from in_force
    inner join {{ ref('indicator_changes') }} as changes
        on
            in_force.indicator_code = changes.indicator_code
            and changes.change = 'redefined'
            and in_force.period >= changes.first_period
    qualify
        in_force.period = min(in_force.period) over (
            partition by
                in_force.country_code,
                in_force.indicator_code,
                in_force.site_code,
                in_force.dimension_code,
                changes.first_period
        )
),

broken as (
    select * from in_force
    where obs_status = 'B'
    union all by name
    select * from redefined
),

final as (
    select distinct
        country_code,
        indicator_code,
        period,
        site_code,
        dimension_code,
    from broken
)

select * from final
