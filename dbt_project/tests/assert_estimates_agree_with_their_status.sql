-- A value is shown or it is not; an interval contains its value and belongs to counts; a reason stands for no value.
select *
from {{ ref('fct_estimates') }}
where
    (publication_status in ('published', 'low_reliability')) <> (value is not null)
    or (value is null) <> (null_reason is not null)
    or (value is null) <> (estimate_basis is null)
    or (method = 'none') <> (lower_ci is null)
    or (lower_ci is null) <> (upper_ci is null)
    or (lower_ci is null) <> (se is null)
    or se < 0
    or value < lower_ci
    or value > upper_ci
    or (value is null and coalesce(numerator, denominator, p25, p75, unknown_pct) is not null)
    or (value is null and (has_small_denominator or is_sparse or is_provisional or is_break_in_series))
    or has_too_many_unknown > has_many_unknown
    or has_small_denominator and reliability <> 'low'
    or (estimate_basis <> 'counts' and lower_ci is not null)
