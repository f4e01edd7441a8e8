-- The dimensions that make a stratum, in the order of their names.
{% set stratum_dimensions = ['AGE', 'C_BIRTH', 'DEGURBA', 'ISCED11', 'NUTS2', 'QUANTILE', 'SEX'] %}

with

observations as (
    select * from {{ source('landing', 'observations') }}
),

-- What the catalogue changed since a row landed: a region that only got another code has its new one, a region that is
-- no longer the same place is left out; the first period under another definition is a break.
brought_up_to_date as (
    select
        observations.* replace (
            coalesce(regions.new_codes, observations.nuts2) as nuts2,
            if(
                redefined.indicator_code is not null and coalesce(observations.obs_status, 'A') = 'A',
                'B',
                observations.obs_status
            ) as obs_status
        ),
    from observations
    left join {{ ref('nuts2_changes') }} as regions
        on observations.nuts2 = regions.old_code
    left join {{ ref('indicator_changes') }} as redefined
        on
            observations.indicator = redefined.indicator_code
            and redefined.change = 'redefined'
            and observations.time_period = redefined.first_period
    where regions.old_code is null or regions.is_same_area
),

-- A blank dimension and its total are the same thing: here NULL, for the site its total.
without_totals as (
    select
        submission_id,
        source_row,
        ref_area as country_code,
        indicator as indicator_code,
        time_period as period,
        coalesce(site, {{ total_code('SITE') }}) as site_code,
        {% for dimension in stratum_dimensions %}
            nullif({{ dimension | lower }}, {{ total_code(dimension) }}) as {{ dimension | lower }},
        {% endfor %}
        coalesce(obs_status, 'A') as obs_status,
        coalesce(conf_status, 'F') as conf_status,
        obs_comment,
        reference,
        numerator,
        denominator,
        obs_value,
        p25,
        p75,
        coalesce(starts_with(reference, 'SYNTHETIC'), false) as is_synthetic,
    from brought_up_to_date
),

counted as (
    select
        *,
        concat_ws(
            '+',
            {% for dimension in stratum_dimensions %}
                '{{ dimension }}:' || {{ dimension | lower }}{{ ',' if not loop.last }}
            {% endfor %}
        ) as parts,
        concat_ws(
            '+',
            {% for dimension in stratum_dimensions %}
                {{ dimension | lower }}{{ ',' if not loop.last }}
            {% endfor %}
        ) as codes,
    from without_totals
),

final as (
    select
        *,
        coalesce(nullif(parts, ''), 'TOTAL') as stratum_id,
        case
            when parts = '' then 'TOTAL'
            when contains(parts, '+') then 'CROSS'
            else split_part(parts, ':', 1)
        end as dimension_code,
        coalesce(nullif(codes, ''), 'TOTAL') as group_code,
    from counted
)

select * exclude (parts, codes) from final
