with

submissions_in_force as (
    select distinct submission_id from {{ ref('int_blocks_in_force') }}
    where is_this_release
),

held as (
    select distinct submission_id from {{ ref('stg_holds') }}
),

final as (
    select
        submissions.submission_id,
        submissions.country_code,
        submissions.sequence_number,
        submissions.received_at,
        submissions.verdict,
        submissions.rows_read,
        submissions.rows_accepted,
        submissions.rows_held,
        submissions.rows_refused,
        submissions.sha256,
        submissions_in_force.submission_id is not null as is_in_force,
        held.submission_id is not null as is_held,
    from {{ ref('stg_submissions') }} as submissions
    left join submissions_in_force
        on submissions.submission_id = submissions_in_force.submission_id
    left join held
        on submissions.submission_id = held.submission_id
)

select * from final
order by sequence_number, submission_id
