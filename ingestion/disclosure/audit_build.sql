-- One row per landed observation of each version of a block that a release showed or is about to show: what is true
-- and what is published of it. A blank dimension, or its total, is NULL. Versions follow each other within a block;
-- within a version cells have one order, so that versions with the same cells are easily told.
with

releases as (
    select
        release_id,
        row_number() over (order by release_sequence) as release_number,
    from landing.releases
),

vintages as (
    select
        vintages.*,
        first_releases.release_number as first_number,
        last_releases.release_number as last_number,
    from marts.obs_vintages as vintages
    inner join releases as first_releases on vintages.first_release_id = first_releases.release_id
    inner join releases as last_releases on vintages.last_release_id = last_releases.release_id
),

spells as (
    select
        country_code,
        indicator_code,
        period,
        submission_id,
        min(first_release_number) as first_number,
        row_number() over (
            partition by country_code, indicator_code, period
            order by min(first_release_number), submission_id
        ) as version_number,
    from intermediate.int_block_spells
    group by country_code, indicator_code, period, submission_id
),

-- Materialized, because the join by release alone, before that by figure, makes hundreds of rows of each.
observations as materialized (
    select
        observations.*,
        spells.first_number,
        spells.version_number,
    from staging.stg_observations as observations
    inner join spells using (country_code, indicator_code, period, submission_id)
),

final as (
    select
        observations.submission_id,
        observations.source_row,
        observations.country_code,
        observations.indicator_code,
        observations.period,
        observations.version_number,
        nullif(observations.site_code, sites.total_code) as site,
        observations.sex,
        observations.age,
        observations.nuts2,
        observations.degurba,
        observations.isced11,
        observations.quantile,
        observations.c_birth,
        observations.numerator,
        observations.denominator,
        vintages.numerator as shown_numerator,
        vintages.denominator as shown_denominator,
        indicators.measure_type_code = 'PROP' as is_proportion,
        if(indicators.is_person_count, policies.threshold_count, null)::double as threshold_count,
        policies.hides_zero,
        policies.count_treatment,
        coalesce(conf_statuses.handling <> 'publish', true) or observations.obs_status = 'Q' as is_marked,
    from observations
    inner join catalogue.dimensions as sites on sites.dimension_code = 'SITE'
    inner join catalogue.indicators as indicators using (indicator_code)
    inner join intermediate.int_disclosure_policies as policies using (country_code, indicator_code)
    left join catalogue.codes_conf_status as conf_statuses on observations.conf_status = conf_statuses.code
    left join vintages
        on
            observations.country_code = vintages.country_code
            and observations.indicator_code = vintages.indicator_code
            and observations.period = vintages.period
            and observations.site_code = vintages.site_code
            and observations.stratum_id = vintages.stratum_id
            and observations.first_number between vintages.first_number and vintages.last_number
)

select * from final
order by
    country_code, indicator_code, period, version_number,
    site, age, c_birth, degurba, isced11, nuts2, quantile, sex, source_row
