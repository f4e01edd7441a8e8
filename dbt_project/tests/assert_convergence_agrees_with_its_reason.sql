-- An estimate has a value or a reason; dispersion is never negative; the panel is as long as its count says.
select
    indicator_code,
    site_code,
    measure,
    first_period,
    last_period,
from {{ ref('fct_convergence') }}
where
    (estimate is null) <> (null_reason is not null)
    or (se is not null and measure <> 'beta')
    or (estimate is null and se is not null)
    or estimate not between lower_ci and upper_ci
    or (measure in ('sd', 'gini', 'gini_weighted', 'theil', 'delta', 'gamma') and estimate < -1e-9)
    or country_count <> coalesce(len(string_split(panel, ' ')), 0)
