-- Of the policies that apply to a country and an indicator the strictest counts; a special one can only be stricter.
with

policies as (
    select
        *,
        2 * (country_code is not null)::integer + (indicator_code is not null)::integer as speciality,
    from {{ ref('disclosure_policy') }}
),

final as (
    select
        countries.country_code,
        indicators.indicator_code,
        max(policies.threshold_count) as threshold_count,
        bool_or(policies.hides_zero) as hides_zero,
        arg_max(policies.count_treatment, policies.speciality) as count_treatment,
    from {{ ref('countries') }} as countries
    cross join {{ ref('indicators') }} as indicators
    inner join policies
        on
            coalesce(policies.country_code, countries.country_code) = countries.country_code
            and coalesce(policies.indicator_code, indicators.indicator_code) = indicators.indicator_code
    group by countries.country_code, indicators.indicator_code
)

select * from final
