-- One row per indicator, in the order of its code.
select
    indicators.indicator_code,
    indicators.indicator_name,
    indicators.theme_code,
    indicators.definition,
    indicators.measure_type_code,
    measure_types.label as measure_type_name,
    indicators.numerator_definition,
    indicators.denominator_definition,
    indicators.unit,
    indicators.direction,
    periodicities.label as periodicity_name,
    indicators.minimum_denominator_count,
    indicators.data_holder,
    indicators.source_url,
    indicators.target_value,
    indicators.target_year,
    indicators.benchmark,
    indicators.benchmark_note,
from marts.dim_indicator as indicators
left join catalogue.codes_measure_type as measure_types on measure_types.code = indicators.measure_type_code
left join catalogue.codes_periodicity as periodicities on periodicities.code = indicators.periodicity_code
order by indicators.indicator_code
