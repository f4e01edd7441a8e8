-- Few indicators are about more than a small part of the people; screening is about many, but never about more than all.
-- needs observation where measure_type_code = 'PROP' and denominator
--   > population_count * least(parameter('P24', 'most_of_all_pct'), parameter('P24', 'most_of_some_pct')) / 100
select
    source_row,
    'DENOMINATOR' as column_name,
    say('at most {most} ({share} % of the population of {period})') as expected,
    {'most': floor(population_count * share_pct / 100), 'share': share_pct, 'period': time_period} as given
from (
    select
        *,
        if(theme_code = 'RIP', parameter('P24', 'most_of_all_pct'), parameter('P24', 'most_of_some_pct')) as share_pct
    from observation
    where measure_type_code = 'PROP' and is_person_count
)
where
    denominator > population_count * share_pct / 100
    -- More than all people has its own answer.
    and greatest(numerator, denominator) <= population_count * parameter('MORE_THAN_PEOPLE', 'most_pct') / 100
