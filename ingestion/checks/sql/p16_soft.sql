-- A value outside the usual range is worth a second look, unless it comes from few people.
select
    source_row,
    case when numerator is null then 'OBS_VALUE' else 'NUMERATOR' end
        as column_name,
    number_text(round(value, 2)) as found,
    case
        when soft_max is null then 'at least ' || number_text(soft_min)
        when soft_min is null then 'at most ' || number_text(soft_max)
        else number_text(soft_min) || ' to ' || number_text(soft_max)
    end as expected
from observation
where
    (value < soft_min or value > soft_max)
    and (value >= hard_min or hard_min is null)
    and (value <= hard_max or hard_max is null)
    and (denominator >= minimum_denominator_count or denominator is null or minimum_denominator_count is null)
