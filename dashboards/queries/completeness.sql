-- One row per (country of the roster, indicator): the latest expected period in one status.
-- The headline figure decides whether there is anything; the required breakdowns decide between complete and partial.
-- What is suppressed was reported.
with

expected as (
    select completeness.*
    from marts.fct_completeness as completeness
    inner join expected_period using (indicator_code, period)
    inner join marts.dim_country as countries using (country_code)
    where countries.is_in_roster and expected_period.is_latest
),

judged as (
    select
        country_code,
        indicator_code,
        max(completeness_status) filter (where dimension_code = 'TOTAL') as headline_status,
        bool_and(completeness_status in ('complete', 'suppressed', 'not_applicable')) as is_complete,
    from expected
    group by country_code, indicator_code
)

select
    country_code,
    indicator_code,
    case
        when headline_status in ('complete', 'partial') then if(is_complete, 'complete', 'partial')
        else headline_status
    end as completeness_status,
from judged
order by country_code, indicator_code
