select
    code as region_code,
    label as region_name,
    country_code,
from {{ ref('codes_nuts2') }}
where country_code is not null
order by region_code
