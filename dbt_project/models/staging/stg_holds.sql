select
    submission_id,
    country_code,
    expectation,
    sentence,
    held_at,
from {{ source('landing', 'holds') }}
