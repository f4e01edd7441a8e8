-- A gap has a value or a reason, and its groups only with the value.
select *
from {{ ref('fct_inequalities') }}
where
    (estimate is null) <> (null_reason is not null)
    or (estimate is null) <> (reference_group is null)
    or (estimate is null) <> (compared_group is null)
    or (estimate is null and coalesce(se, lower_ci, upper_ci) is not null)
    or estimate < lower_ci
    or estimate > upper_ci
