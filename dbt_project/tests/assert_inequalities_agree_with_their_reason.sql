-- A measure has a value or a reason; a gap has its groups with the value, and no measure has a group without one.
select *
from {{ ref('fct_inequalities') }}
where
    (estimate is null) <> (null_reason is not null)
    or (measure in ('d', 'r') and (estimate is null) <> (reference_group is null))
    or (measure in ('d', 'r') and (estimate is null) <> (compared_group is null))
    or (estimate is null and coalesce(reference_group, compared_group) is not null)
    or (estimate is null and coalesce(se, lower_ci, upper_ci) is not null)
    or estimate < lower_ci
    or estimate > upper_ci
