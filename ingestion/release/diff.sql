-- Every figure that is not the same in two releases, `earlier` and `later`, and why.
-- One row per (kind, figure). `earlier_figures`, `later_figures` and `landings` are made by `diff.py`.
with

-- A block is (country, indicator, period); one submission is in force for it.
blocks as (
    select
        coalesce(earlier_blocks.country_code, later_blocks.country_code) as country_code,
        coalesce(earlier_blocks.indicator_code, later_blocks.indicator_code) as indicator_code,
        coalesce(earlier_blocks.period, later_blocks.period) as period,
        earlier_blocks.submission_id as earlier_submission_id,
        later_blocks.submission_id as later_submission_id,
    from (select distinct on (country_code, indicator_code, period) * from earlier.marts.fct_observations)
        as earlier_blocks
    full join (select distinct on (country_code, indicator_code, period) * from later.marts.fct_observations)
        as later_blocks
        on
            earlier_blocks.country_code = later_blocks.country_code
            and earlier_blocks.indicator_code = later_blocks.indicator_code
            and earlier_blocks.period = later_blocks.period
),

judged_blocks as (
    select
        blocks.*,
        earlier_submission_id is distinct from later_submission_id as has_other_submission,
        -- The file was there already: what changed is what was said of it.
        (has_other_submission and (later_submission_id is null or known.submission_id is not null))
        or (not has_other_submission and landings.is_changed is true) as has_other_verdict,
    from blocks
    left join earlier.marts.dim_submission as known
        on blocks.later_submission_id = known.submission_id
    left join landings
        on blocks.later_submission_id = landings.submission_id
),

compared as (
    select
        coalesce(earlier_figures.kind, later_figures.kind) as kind,
        coalesce(earlier_figures.figure_id, later_figures.figure_id) as figure_id,
        coalesce(earlier_figures.country_code, later_figures.country_code) as country_code,
        coalesce(earlier_figures.indicator_code, later_figures.indicator_code) as indicator_code,
        coalesce(earlier_figures.period, later_figures.period) as period,
        earlier_figures.value as earlier_value,
        later_figures.value as later_value,
        earlier_figures.status as earlier_status,
        later_figures.status as later_status,
        coalesce(earlier_status in ('suppressed', 'suppressed_group'), false) as was_hidden,
        coalesce(later_status in ('suppressed', 'suppressed_group'), false) as is_hidden,
        coalesce(earlier_status in ('not_reported', 'missing_group'), true) as was_missing,
        coalesce(later_status in ('not_reported', 'missing_group'), true) as is_missing,
        -- What changed is what it is compared with, or how.
        coalesce(earlier_figures.kind, later_figures.kind) = 'comparison'
        and earlier_status is not distinct from later_status
        and is_same(earlier_value, later_value) as keeps_its_value,
    from earlier_figures
    full join later_figures
        on
            earlier_figures.kind = later_figures.kind
            and earlier_figures.figure_id = later_figures.figure_id
    where
        earlier_figures.status is distinct from later_figures.status
        or earlier_figures.marks is distinct from later_figures.marks
        or len(
            list_filter(
                list_zip(earlier_figures.numbers, later_figures.numbers), lambda pair: not is_same(pair[1], pair[2])
            )
        ) > 0
),

moved as (
    select distinct indicator_code, period
    from compared
    where kind = 'estimate'
),

explained as (
    select
        compared.*,
        judged_blocks.earlier_submission_id,
        judged_blocks.later_submission_id,
        -- The first reason that applies.
        case
            when not keeps_its_value and judged_blocks.has_other_verdict then 'rule'
            when compared.was_missing and judged_blocks.has_other_submission then 'new_data'
            when not compared.was_missing and compared.is_missing and judged_blocks.has_other_submission then 'removed'
            when not compared.was_missing and compared.was_hidden <> compared.is_hidden then 'suppression'
            when not keeps_its_value and judged_blocks.has_other_submission then 'correction'
            when keeps_its_value and moved.period is not null then 'other_figures'
            when $has_other_code and $has_other_catalogue then 'code_or_catalogue'
            when $has_other_code then 'code'
            when $has_other_catalogue then 'catalogue'
            else 'other_figures'
        end as cause,
    from compared
    left join judged_blocks
        on
            compared.country_code = judged_blocks.country_code
            and compared.indicator_code = judged_blocks.indicator_code
            and compared.period = judged_blocks.period
    left join moved
        on compared.indicator_code = moved.indicator_code and compared.period = moved.period
),

-- What one of the two hides is not told by way of the other.
final as (
    select
        figure_id,
        kind,
        country_code,
        indicator_code,
        period,
        cause,
        if(was_hidden or is_hidden, null, earlier_value) as earlier_value,
        earlier_status,
        if(was_hidden or is_hidden, null, later_value) as later_value,
        later_status,
        earlier_submission_id,
        later_submission_id,
    from explained
)

select * from final
order by country_code, indicator_code, period, figure_id, kind
