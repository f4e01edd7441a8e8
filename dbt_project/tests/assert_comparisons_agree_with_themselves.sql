-- A rank lies in its own interval; a comparison stands for a value, and a reason for no rank.
select
    country_code,
    indicator_code,
    period,
    site_code,
from {{ ref('fct_country_comparisons') }}
where
    (rank is null) <> (null_reason is not null)
    or rank not between rank_lower and rank_upper
    or rank_upper > country_count
    or (rank_lower is null) <> (rank_upper is null)
    or gap_to_best < 0
    or (value is null and coalesce(rank, gap_to_best, gap_to_eu, gap_to_target, funnel_lower_95) is not null)
    or (gap_to_eu_lower_ci is null and eu_position <> 'not_assessed')
    or funnel_lower_998 > funnel_lower_95
    or funnel_upper_998 < funnel_upper_95
