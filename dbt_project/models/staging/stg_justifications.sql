select
    submission_id,
    rule,
    text,
    justified_at,
from {{ source('landing', 'justifications') }}
