-- A pooled value lies between the lowest and the highest of its members and within its interval; a distribution has no
-- value of its own; without either there is a reason.
select
    indicator_code,
    period,
    site_code,
from {{ ref('fct_eu_values') }}
where
    (coalesce(eu_basis, 'none') = 'pooled') <> (value is not null)
    or (eu_basis is null) <> (null_reason is not null)
    or (eu_basis is null) <> (country_median is null)
    or value not between country_minimum - 1e-9 and country_maximum + 1e-9
    or value not between lower_ci and upper_ci
    or population_share > 1 + 1e-9
