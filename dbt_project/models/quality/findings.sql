with

final as (
    select
        findings.submission_id,
        submissions.country_code,
        findings.rule,
        findings.severity,
        coalesce(checks.title, findings.rule) as title,
        findings.finding_count,
    from {{ ref('stg_findings') }} as findings
    inner join {{ ref('stg_submissions') }} as submissions
        on findings.submission_id = submissions.submission_id
    left join {{ ref('checks') }} as checks
        on findings.rule = checks.rule
)

select * from final
order by submission_id, rule, severity
