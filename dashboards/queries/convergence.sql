-- One row per (indicator, site, measure): whether countries come closer together over the window of the round.
select indicator_code, site_code, measure, first_period, last_period, estimate, lower_ci, upper_ci, country_count
from marts.fct_convergence
where measure in ('sigma_sd_slope', 'beta') and null_reason is null
order by all
