-- Where the definition says how many there are, nobody can count more of them.
-- needs block where indicator in (select indicator_code from catalogue.indicators where denominator_limit is not null)
with

limits as (
    select
        indicators.indicator_code,
        case denominator_limit when 'NUTS2' then regions.region_count else cast(denominator_limit as bigint) end as most
    from catalogue.indicators, (
        select count(*) as region_count
        from catalogue.codes_nuts2
        where country_code in (from sender)
    ) as regions
)

select
    observation.source_row,
    'DENOMINATOR' as column_name,
    say('at most {most}: by its definition {indicator} has no more to count') as expected,
    {'most': limits.most} as given
from observation
inner join limits on observation.indicator = limits.indicator_code
where observation.denominator > limits.most
