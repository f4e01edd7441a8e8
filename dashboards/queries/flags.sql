-- One row per observation status that marks a figure of this release.
select code, label
from catalogue.codes_obs_status
where code in (
    select obs_status
    from marts.fct_estimates
    where publication_status in ('published', 'low_reliability')
)
order by sort_order
