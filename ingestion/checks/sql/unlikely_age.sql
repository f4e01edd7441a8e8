-- Some cancers hardly occur below an age: such a count is more often a shifted row than a patient. The indicators
-- that are excepted count people without a cancer.
-- needs block where site_key in (select site_code from catalogue.unlikely_ages)
select
    comparable.source_row,
    if(comparable.counts_denominator, 'DENOMINATOR', 'NUMERATOR') as column_name,
    say('no cases: {site} is unlikely in the age class {age}') as expected,
    {'site': comparable.site_key, 'age': comparable.age_key} as given
from comparable
inner join catalogue.unlikely_ages as unlikely
    on comparable.site_key = unlikely.site_code and comparable.age_key = unlikely.age_code
where
    comparable.is_person_count
    and if(comparable.counts_denominator, comparable.denominator, comparable.numerator) > 0
    and comparable.indicator not in (
        select indicator_code from catalogue.check_exceptions
        where rule = 'UNLIKELY_AGE'
    )
