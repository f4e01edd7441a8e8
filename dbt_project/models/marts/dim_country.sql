with

final as (
    select
        countries.country_code,
        countries.country_name,
        countries.native_name,
        countries.iso2_code,
        countries.iso3_code,
        countries.is_eu,
        roster.country_code is not null as is_in_roster,
        roster.roster_status,
    from {{ ref('countries') }} as countries
    left join {{ ref('int_roster') }} as roster
        on countries.country_code = roster.country_code
)

select * from final
order by country_code
