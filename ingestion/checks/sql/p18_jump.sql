-- A change that is large, more than chance and not declared as a break is worth a word.
-- needs change_of_row
with

tested as (
    select
        *,
        (numerator + earlier_numerator) / (denominator + earlier_denominator) as pooled,
        case measure_type_code
            when 'PROP' then
                abs(value - earlier_value) / 100
                / sqrt(pooled * (1 - pooled) * (1 / denominator + 1 / earlier_denominator))
            else abs(numerator - earlier_numerator) / sqrt(numerator + earlier_numerator)
        end as standard_errors
    from change
    where
        measure_type_code in ('PROP', 'RATE100K', 'COUNT')
        and obs_status is distinct from 'B'
        and numerator >= 0 and earlier_numerator >= 0
        and (measure_type_code <> 'PROP' or (numerator <= denominator and earlier_numerator <= earlier_denominator))
),

jumps as (
    select *
    from tested
    where
        standard_errors > parameter('P18', 'most_standard_errors')
        and abs(value - earlier_value) > earlier_value * parameter('P18', 'most_change_pct') / 100
        -- A base of another size has its own answer, and changes the share by itself.
        and not is_of_another_size
)

select
    source_row,
    earlier_source_row as beside_row,
    'NUMERATOR' as column_name,
    -- The cell holds a count; what is expected of it is one, too, and each percentage stands beside another.
    case measure_type_code
        when 'PROP'
            then say('about {count} of {denominator} ({earlier_value} % as in {earlier_period}, not {value} %)')
        when 'RATE100K' then say('about {count} as in {earlier_period} ({earlier_value} per 100 000, not {value})')
        else say('about {count}, as in {earlier_period}')
    end as expected,
    {
        'count': if(measure_type_code = 'PROP', round(earlier_value * denominator / 100), earlier_numerator),
        'denominator': denominator,
        'value': round(value, 2),
        'earlier_value': round(earlier_value, 2),
        'earlier_period': earlier_period
    } as given
from jumps
-- A value that is back where it was before the last jump is not the one to look at.
where not exists (
    select 1
    from jumps as earlier_jump
    where
        earlier_jump.source_row = jumps.earlier_source_row
        and abs(jumps.value - earlier_jump.earlier_value)
        <= earlier_jump.earlier_value * parameter('P18', 'most_change_pct') / 100
)
-- Where the total jumps its parts jump with it: that is one thing to look at, not forty.
qualify is_total or not bool_or(is_total) over (partition by block_id)
