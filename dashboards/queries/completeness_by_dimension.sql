-- One row per (country of the roster, dimension): figures received of those expected, all periods of the round.
select
    completeness.country_code,
    completeness.dimension_code,
    sum(completeness.expected_count)::integer as expected_count,
    sum(completeness.reported_count)::integer as reported_count,
from marts.fct_completeness as completeness
inner join marts.dim_country as countries using (country_code)
where countries.is_in_roster
group by all
order by all
