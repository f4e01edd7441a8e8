select
    submission_id,
    rule,
    severity,
    finding_count,
from {{ source('landing', 'findings') }}
