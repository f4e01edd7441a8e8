select
    expectation,
    country_code,
    indicator_code,
    waived_by,
    reason,
    until_on,
    waived_at,
from {{ ref('stg_waivers') }}
order by waived_at, expectation, country_code, indicator_code
