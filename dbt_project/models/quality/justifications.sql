with

final as (
    select
        justifications.submission_id,
        submissions.country_code,
        justifications.rule,
        justifications.text,
        justifications.justified_at,
    from {{ ref('stg_justifications') }} as justifications
    inner join {{ ref('stg_submissions') }} as submissions
        on justifications.submission_id = submissions.submission_id
)

select * from final
order by submission_id, rule, justified_at
