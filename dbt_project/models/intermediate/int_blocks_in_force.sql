-- A later file replaces whole blocks: in each release, the rows of the latest of its submissions that holds the block.
with

blocks as (
    select distinct
        submission_id,
        country_code,
        indicator_code,
        period,
    from {{ ref('stg_observations') }}
),

offered as (
    select
        releases.release_id,
        releases.release_number,
        releases.is_this_release,
        blocks.*,
        submissions.sequence_number,
    from {{ ref('stg_releases') }} as releases
    inner join {{ ref('stg_release_submissions') }} as release_submissions
        on releases.release_id = release_submissions.release_id
    inner join {{ ref('stg_submissions') }} as submissions
        on release_submissions.submission_id = submissions.submission_id
    inner join blocks
        on release_submissions.submission_id = blocks.submission_id
),

final as (
    select * exclude (sequence_number)
    from offered
    qualify
        row_number() over (
            partition by release_id, country_code, indicator_code, period
            order by sequence_number desc, submission_id desc
        ) = 1
)

select * from final
