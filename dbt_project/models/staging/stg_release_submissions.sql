select
    release_id,
    submission_id,
from {{ source('landing', 'release_submissions') }}
