select
    submission_id,
    country_code,
    expectation,
    sentence,
    held_at,
from {{ ref('stg_holds') }}
order by submission_id, expectation
