-- One row per country of the roster, with its share of the headline figures that this round expects of it.
with

received as (
    select
        country_code,
        sum(expected_count) as expected_count,
        sum(reported_count) as reported_count,
    from marts.fct_completeness
    where dimension_code = 'TOTAL'
    group by country_code
),

final as (
    select
        countries.country_code,
        countries.country_name,
        countries.native_name,
        countries.roster_status,
        coalesce(received.expected_count, 0)::integer as expected_count,
        coalesce(received.reported_count, 0)::integer as reported_count,
    from marts.dim_country as countries
    left join received using (country_code)
    where countries.is_in_roster
)

select * from final order by country_name, country_code
