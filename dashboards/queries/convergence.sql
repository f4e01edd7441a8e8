-- One row per (indicator, site, measure): whether countries come closer together over the window of the round.
select indicator_code, site_code, measure, first_period, last_period, estimate, country_count
from marts.fct_convergence
where measure = 'sigma_sd_slope' and null_reason is null
order by all
