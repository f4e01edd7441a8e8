with

final as (
    select distinct
        observations.country_code,
        observations.indicator_code,
        observations.period,
    from {{ ref('stg_observations') }} as observations
    inner join {{ ref('stg_holds') }} as holds
        on observations.submission_id = holds.submission_id
)

select * from final
