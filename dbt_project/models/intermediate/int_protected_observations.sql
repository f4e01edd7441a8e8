-- Suppression, once and before everything that is published: what must be hidden, for its own sake or to protect
-- another figure, loses all its numbers. One symbol stands for all reasons, and comments go with the numbers.
with

observations as (
    select * from {{ ref('int_primary_suppression') }}
),

complementary as (
    select * from {{ ref('int_complementary_suppression') }}
),

judged as (
    select
        observations.*,
        observations.is_primary or complementary.source_row is not null as is_suppressed,
    from observations
    left join complementary
        on
            observations.submission_id = complementary.submission_id
            and observations.source_row = complementary.source_row
),

final as (
    select
        submission_id,
        source_row,
        country_code,
        indicator_code,
        period,
        site_code,
        stratum_id,
        dimension_code,
        group_code,
        if(is_suppressed, 'Q', obs_status) as obs_status,
        if(is_suppressed, 'C', conf_status) as conf_status,
        if(is_suppressed, null, obs_comment) as obs_comment,
        reference,
        if(is_suppressed, null, numerator) as numerator,
        if(is_suppressed, null, denominator) as denominator,
        if(is_suppressed, null, obs_value) as obs_value,
        if(is_suppressed, null, p25) as p25,
        if(is_suppressed, null, p75) as p75,
        is_suppressed,
        is_synthetic,
    from judged
)

select * from final
