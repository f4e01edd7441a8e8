create table block as
select
    cast(row_number() over (order by keys.indicator, keys.ref_area, keys.time_period, keys.site_key) as integer)
        as block_id,
    cast(dense_rank() over (order by keys.indicator, keys.ref_area, keys.site_key) as integer) as line_id,
    keys.*,
    try_cast(left(keys.time_period, 4) as integer) as period_year,
    {facts},
    {measure_columns},
    populations.population_count,
    case when exceptions.rule is null and sites.sex_restriction <> '{sex_total}' then sites.sex_restriction end
        as sex_restriction
from (select {block_keys} from {block_row} union select {block_keys} from earlier) as keys
left join catalogue.indicators as facts on keys.indicator = facts.indicator_code
left join ({measures}) as measures on facts.measure_type_code = measures.measure_type_code
left join catalogue.codes_site as sites on keys.site_key = sites.code
left join catalogue.check_exceptions as exceptions
    on keys.indicator = exceptions.indicator_code and exceptions.rule = 'P05'
left join catalogue.populations
    on keys.ref_area = populations.country_code
    and try_cast(left(keys.time_period, 4) as integer) = populations.population_year
