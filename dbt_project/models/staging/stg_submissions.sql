select
    submission_id,
    country_code,
    sequence_number,
    verdict,
    sha256,
    rows_read,
    rows_accepted,
    rows_held,
    rows_refused,
    received_at,
from {{ source('landing', 'submissions') }}
