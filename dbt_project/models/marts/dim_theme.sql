select
    theme_code,
    theme_name,
    theme_kind,
    theme_description,
    source_url,
from {{ ref('themes') }}
order by theme_code
