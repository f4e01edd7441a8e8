-- One inequality to be measured: between the groups of one dimension. `pair_reason` says why no two groups may be
-- compared, `whole_reason` why not all of them: a group that is missing or hidden leaves no measure over all groups.
with

-- Between the ends of an order, a hidden or missing group changes nothing; without an order, it could be an end.
groups as (
    select
        *,
        coalesce(null_reason = 'not_applicable', false) as is_impossible,
        group_order is not null as is_ordered,
        group_order is null
        or group_order = min(group_order) over unit
        or group_order = max(group_order) over unit as is_end,
    from {{ ref('int_compared_groups') }}
    window unit as (partition by country_code, indicator_code, period, site_code, dimension_code)
),

final as (
    select
        row_number() over (
            order by country_code, indicator_code, period, site_code, dimension_code
        ) as unit_id,
        country_code,
        indicator_code,
        period,
        site_code,
        dimension_code,
        bool_or(is_synthetic) as is_synthetic,
        -- Without an order, a group that cannot exist is left out; an order is not what it was without its end.
        {% for reason, decisive in [('pair_reason', 'is_end'), ('whole_reason', 'true')] %}
            case
                when dimension_code = 'NUTS2' and count(*) = 1 then 'single_region'
                when bool_or(is_impossible and is_ordered and {{ decisive }}) then 'not_applicable'
                when count(*) filter (where not is_impossible) < 2
                    then if(bool_or(is_impossible), 'not_applicable', 'missing_group')
                when bool_or(null_reason = 'suppressed_group' and {{ decisive }}) then 'suppressed_group'
                when bool_or(null_reason = 'missing_group' and {{ decisive }}) then 'missing_group'
                when bool_or(null_reason = 'low_reliability_group' and {{ decisive }}) then 'low_reliability_group'
                when bool_or(has_too_many_unknown) then 'too_many_unknown'
            end as {{ reason }},
        {% endfor %}
    from groups
    group by country_code, indicator_code, period, site_code, dimension_code
)

select * from final
