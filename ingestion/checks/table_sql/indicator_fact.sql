-- What the rules ask of an indicator.
create table indicator_fact as
select
    indicators.indicator_code, {facts}, measures.* exclude (measure_type_code),
    exceptions.rule is not null as may_be_of_both_sexes
from catalogue.indicators
left join (select measure_type_code, {measures} from catalogue.measure_columns group by measure_type_code) as measures
    on indicators.measure_type_code = measures.measure_type_code
left join catalogue.check_exceptions as exceptions
    on indicators.indicator_code = exceptions.indicator_code and exceptions.rule = 'P05'
