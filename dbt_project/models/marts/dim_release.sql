select
    release_id,
    release_sequence,
    round_id,
    is_this_release,
from {{ ref('stg_releases') }}
order by release_sequence
