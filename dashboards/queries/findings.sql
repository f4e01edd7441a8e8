-- One row per (submission, rule): how many findings the sender was told of.
select submission_id, rule, severity, title, sum(finding_count)::integer as finding_count
from quality.findings
group by all
order by submission_id, severity, rule, title
