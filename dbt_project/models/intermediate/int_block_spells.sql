-- The unbroken runs of releases in which a submission's rows of a block were in force.
with

numbered as (
    select
        *,
        release_number - row_number() over (
            partition by country_code, indicator_code, period, submission_id
            order by release_number
        ) as run_number,
    from {{ ref('int_blocks_in_force') }}
),

final as (
    select
        country_code,
        indicator_code,
        period,
        submission_id,
        min(release_number) as first_release_number,
        max(release_number) as last_release_number,
    from numbered
    group by country_code, indicator_code, period, submission_id, run_number
)

select * from final
