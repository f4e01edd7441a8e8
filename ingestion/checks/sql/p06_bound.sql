-- Counts are never negative, nobody can be counted above the denominator, and a share needs somebody to share.
-- needs observation where numerator < 0 or denominator < 0
--   or (measure_type_code = 'PROP' and (denominator = 0 or numerator > denominator * hard_max / 100))
with

wrong as not materialized (
    select
        *,
        numerator < 0 or denominator < 0 as is_negative,
        measure_type_code = 'PROP' and denominator = 0 as has_no_base,
        -- Some official coverage figures may pass 100 percent: the indicator's own bound says how far.
        measure_type_code = 'PROP'
        and denominator > 0
        and numerator > denominator * hard_max / 100 as is_above
    from observation
    where not is_impossible and uses_denominator
),

swapped as (
    select indicator
    from wrong
    where numerator is not null and denominator is not null
    group by indicator
    having count(*) >= parameter('P06', 'fewest_rows_swapped') and bool_and(numerator > denominator)
)

select
    source_row,
    if(numerator < 0 or is_above, 'NUMERATOR', 'DENOMINATOR') as column_name,
    case
        when is_negative then say('a count is 0 or more')
        when has_no_base then say('a share needs a denominator above 0')
        else say('the numerator is a part of the denominator, and cannot be above {denominator}')
    end as expected,
    if(
        is_above and indicator in (from swapped),
        say('In every row of {indicator} the numerator is above the denominator: the two columns are probably swapped.'),
        null
    ) as advice,
    if(is_above and indicator in (from swapped), number_text(denominator), null) as proposal,
    {'denominator': denominator} as given
from wrong
where is_negative or has_no_base or is_above

union all by name

select
    source_row,
    'NUMERATOR' as column_name,
    say('a count is 0 or more') as expected
from observation
where not uses_denominator and numerator < 0
