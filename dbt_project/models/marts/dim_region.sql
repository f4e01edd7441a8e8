select
    code as region_code,
    label as region_name,
    country_code,
from {{ ref('codes_nuts2') }}
order by region_code
