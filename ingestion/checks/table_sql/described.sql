-- What a row describes, and what its indicator asks for, beside its numbers: only what rules look at, because every
-- column of a view is planned anew wherever the view is used.
create view described as
select
    observed.*,
    block.line_id, block.indicator, block.ref_area, block.time_period, block.site_key,
    block.measure_type_code, block.theme_code, block.hard_min, block.hard_max, block.soft_min, block.soft_max,
    block.minimum_denominator_count, block.is_person_count, block.allows_published_value,
    block.uses_numerator, block.uses_denominator, block.counts_numerator, block.counts_denominator,
    block.needs_reference, block.population_count,
    stratum.sex_key, stratum.age_key, stratum.nuts2_key, stratum.is_total
from observed
inner join block on observed.block_id = block.block_id
inner join stratum on observed.stratum_id = stratum.stratum_id
