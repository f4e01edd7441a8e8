select
    country_code,
    indicator_code,
    expectation,
    waived_by,
    reason,
    until_on,
    waived_at,
from {{ source('landing', 'waivers') }}
