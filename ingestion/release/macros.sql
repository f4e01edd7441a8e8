-- What a release's database can be asked beside its tables.

-- The id of a figure, stable from release to release: `LU/MTB_01/2025/C50/SEX:F` for an observation and its estimate.
-- An inequality has a dimension and a measure in the place of the stratum (`LU/MTB_01/2025/C50/SEX/d`), a comparison
-- between countries has none (`LU/MTB_01/2025/C50`).
create macro marts.figure_id(country_code, indicator_code, period, site_code, rest := null) as
concat_ws('/', country_code, indicator_code, period, site_code, rest);

-- The observations as they stood in a release: one row per (country, indicator, period, site, stratum).
create macro marts.observations_as_of(asked_release_id) as table
with

asked as (
    select
        coalesce(
            max(release_sequence),
            error('There is no release ' || asked_release_id || ' up to this one.')
        ) as release_sequence,
    from marts.dim_release
    where release_id = asked_release_id
),

final as (
    select vintages.* exclude (first_release_id, last_release_id, is_current),
    from marts.obs_vintages as vintages
    inner join marts.dim_release as first_releases
        on vintages.first_release_id = first_releases.release_id
    inner join marts.dim_release as last_releases
        on vintages.last_release_id = last_releases.release_id
    inner join asked
        on asked.release_sequence between first_releases.release_sequence and last_releases.release_sequence
)

select * from final;
