-- One row per submission that was answered, in the order in which they came.
select
    submission_id,
    country_code,
    strftime(received_at, '%Y-%m-%d %H:%M') as received_at,
    verdict,
    rows_read,
    rows_accepted,
    rows_held,
    rows_refused,
    is_in_force,
from marts.dim_submission
order by sequence_number, submission_id
