-- `release_number` counts the releases without a gap, which their sequence may have.
select
    release_id,
    release_sequence,
    round_id,
    (row_number() over (order by release_sequence))::integer as release_number,
    release_sequence = max(release_sequence) over () as is_this_release,
from {{ source('landing', 'releases') }}
