create table block as
select
    cast(row_number() over (order by keys.indicator, keys.ref_area, keys.time_period, keys.site_key) as integer)
        as block_id,
    cast(dense_rank() over (order by keys.indicator, keys.ref_area, keys.site_key) as integer) as line_id,
    keys.*,
    facts.* exclude (indicator_code, may_be_of_both_sexes),
    populations.population_count,
    case when not coalesce(facts.may_be_of_both_sexes, false) and sites.sex_restriction <> '{sex_total}'
        then sites.sex_restriction end as sex_restriction
from (
    select *, try_cast(left(time_period, 4) as integer) as period_year
    from (select {block_keys} from {block_row} union select {block_keys} from earlier)
) as keys
left join indicator_fact as facts on keys.indicator = facts.indicator_code
left join catalogue.codes_site as sites on keys.site_key = sites.code
left join catalogue.populations
    on keys.ref_area = populations.country_code and keys.period_year = populations.population_year
