-- Gaps to the best country, to the EU value and to the target. The first is never negative; the others are the
-- country's value less what it is compared with. A standard error of zero (all or none) is not taken for certainty.
with

compared as (
    select
        *,
        nullif(se, 0) as own_se,
    from {{ ref('int_country_values') }}
    where value is not null
),

best as (
    select
        indicator_code,
        period,
        site_code,
        first(
            struct_pack(country_code := country_code, value := value, se := own_se)
            order by better_sign * value desc, country_code asc
        ) as best,
    from compared
    where better_sign is not null
    group by indicator_code, period, site_code
),

joined as (
    select
        compared.*,
        struct_extract(best.best, 'country_code') as best_country_code,
        struct_extract(best.best, 'value') as best_value,
        struct_extract(best.best, 'se') as best_se,
        eu_values.value as eu_value,
        eu_values.se as eu_se,
        -- w: the country's share of the pooled denominator; zero outside the pool.
        if(compared.is_eu and compared.is_counted, compared.denominator / eu_values.denominator, 0) as weight,
        indicators.target_value,
        indicators.target_year,
    from compared
    inner join {{ ref('dim_indicator') }} as indicators
        on compared.indicator_code = indicators.indicator_code
    left join best
        on
            compared.indicator_code = best.indicator_code
            and compared.period = best.period
            and compared.site_code = best.site_code
    left join {{ ref('int_eu_values') }} as eu_values
        on
            compared.indicator_code = eu_values.indicator_code
            and compared.period = eu_values.period
            and compared.site_code = eu_values.site_code
),

final as (
    select
        country_code,
        indicator_code,
        period,
        site_code,
        better_sign,
        best_country_code,
        better_sign * best_value - better_sign * value as gap_to_best,
        if(country_code = best_country_code, null, sqrt(own_se ^ 2 + best_se ^ 2)) as gap_to_best_se,
        gap_to_best - {{ z_95() }} * gap_to_best_se as gap_to_best_lower_ci,
        gap_to_best + {{ z_95() }} * gap_to_best_se as gap_to_best_upper_ci,
        value - eu_value as gap_to_eu,
        -- se^2 = (1 - w)^2 s^2 and what the others of the pool contribute.
        if(
            eu_value is null,
            null,
            sqrt((1 - weight) ^ 2 * own_se ^ 2 + greatest(0, eu_se ^ 2 - weight ^ 2 * own_se ^ 2))
        ) as gap_to_eu_se,
        gap_to_eu - {{ z_95() }} * gap_to_eu_se as gap_to_eu_lower_ci,
        gap_to_eu + {{ z_95() }} * gap_to_eu_se as gap_to_eu_upper_ci,
        target_value,
        target_year,
        value - target_value as gap_to_target,
        -- A target is a fixed number: the interval is the country's own, moved.
        if(target_value is null, null, se) as gap_to_target_se,
        lower_ci - target_value as gap_to_target_lower_ci,
        upper_ci - target_value as gap_to_target_upper_ci,
    from joined
)

select * from final
