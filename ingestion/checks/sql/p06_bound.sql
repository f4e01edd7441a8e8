-- Counts are never negative, nobody can be counted above the denominator, and a share needs somebody to share.
select
    source_row,
    case
        when numerator < 0 then 'NUMERATOR'
        when denominator < 0 or (measure_type_code = 'PROP' and denominator = 0) then 'DENOMINATOR'
        else 'NUMERATOR'
    end as column_name,
    cast(null as varchar) as found,
    case
        when numerator < 0 or denominator < 0 then 'a count is 0 or more'
        when denominator = 0 then 'a share needs a denominator above 0'
        else 'the denominator is ' || number_text(denominator) || ', and the numerator is a part of it'
    end as expected
from observation
where
    not is_impossible
    and (
        numerator < 0
        or denominator < 0
        or (measure_type_code = 'PROP' and denominator = 0)
        -- Some official coverage figures pass 100 percent: the indicator's own bound says how far.
        or (
            measure_type_code = 'PROP'
            and numerator > denominator * greatest(coalesce(hard_max, 100), 100) / 100
        )
    )
