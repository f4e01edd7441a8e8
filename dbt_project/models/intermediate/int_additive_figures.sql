-- The counts that add up, in every version of a block that a release showed. NULL is the total of a dimension.
with

spells as (
    select
        country_code,
        indicator_code,
        period,
        submission_id,
        min(first_release_number) as first_release_number,
    from {{ ref('int_block_spells') }}
    group by country_code, indicator_code, period, submission_id
),

final as (
    select
        observations.submission_id,
        observations.source_row,
        observations.country_code,
        observations.indicator_code,
        observations.period,
        spells.first_release_number,
        nullif(observations.site_code, {{ total_code('SITE') }}) as site,
        observations.age,
        observations.c_birth,
        observations.degurba,
        observations.isced11,
        observations.nuts2,
        observations.quantile,
        observations.sex,
        observations.numerator,
        observations.denominator,
        observations.threshold_count::double as threshold_count,
        observations.measure_type_code = 'PROP' as has_complement,
        observations.least_hidden_count = 0 as hides_zero,
        observations.is_primary,
    from {{ ref('int_primary_suppression') }} as observations
    inner join spells
        on
            observations.country_code = spells.country_code
            and observations.indicator_code = spells.indicator_code
            and observations.period = spells.period
            and observations.submission_id = spells.submission_id
    where observations.count_treatment = 'exact'
)

select * from final
