-- One row per landed observation of each version of a block that a release showed or is about to show: what is true
-- and what is published of it. A blank dimension, or its total, is NULL.
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
    from intermediate.int_block_spells
    group by all
)

select
    observations.submission_id,
    observations.source_row,
    observations.indicator,
    observations.time_period,
    nullif(staged.site_code, (select total_code from catalogue.dimensions where dimension_code = 'SITE')) as site,
    staged.sex,
    staged.age,
    staged.nuts2,
    staged.degurba,
    staged.isced11,
    staged.quantile,
    staged.c_birth,
    observations.numerator,
    observations.denominator,
    vintages.numerator as shown_numerator,
    vintages.denominator as shown_denominator,
    indicators.measure_type_code = 'PROP' as is_proportion,
    if(indicators.is_person_count, policies.threshold_count, null)::double as threshold_count,
    policies.count_treatment,
    coalesce(conf_statuses.handling <> 'publish', true) or coalesce(observations.obs_status = 'Q', false) as is_marked,
from landing.observations
inner join spells
    on
        observations.submission_id = spells.submission_id
        and observations.ref_area = spells.country_code
        and observations.indicator = spells.indicator_code
        and observations.time_period = spells.period
inner join staging.stg_observations as staged
    on
        observations.submission_id = staged.submission_id
        and observations.source_row = staged.source_row
inner join catalogue.indicators as indicators on observations.indicator = indicators.indicator_code
inner join intermediate.int_disclosure_policies as policies
    on
        observations.ref_area = policies.country_code
        and observations.indicator = policies.indicator_code
left join catalogue.codes_conf_status as conf_statuses on coalesce(observations.conf_status, 'F') = conf_statuses.code
left join vintages
    on
        spells.country_code = vintages.country_code
        and spells.indicator_code = vintages.indicator_code
        and spells.period = vintages.period
        and staged.site_code = vintages.site_code
        and staged.stratum_id = vintages.stratum_id
        and spells.first_number between vintages.first_number and vintages.last_number
where observations.ref_area = $country_code
order by spells.first_number, observations.submission_id, observations.source_row
