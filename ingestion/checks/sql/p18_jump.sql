-- A change that is large, more than chance and not declared as a break is worth a word.
-- needs change_of_row
with

shares_and_counts as (
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
        uses_numerator
        and numerator >= 0 and earlier_numerator >= 0
        and (measure_type_code <> 'PROP' or (numerator <= denominator and earlier_numerator <= earlier_denominator))
),

medians as (
    select
        change.*,
        -- McGill, Tukey and Larsen (1978); days are whole, so quartiles that are the same may be a day apart. Those of a
        -- waiting time that are not told are taken to be as far apart as those of an exponential one, of the longer median.
        abs(change.value - change.earlier_value)
        / (
            1.25 / 1.35
            * greatest(
                coalesce(
                    spread.p75 - spread.p25, ln(3) / ln(2) * greatest(change.value, change.earlier_value)
                ),
                1
            )
            * sqrt(1 / change.denominator + 1 / change.earlier_denominator)
        ) as standard_errors
    from change
    inner join observation as spread on change.source_row = spread.source_row
    where change.measure_type_code = 'MEDDAYS' and coalesce(spread.p25 <= spread.p75, spread.hard_min >= 0)
        -- How far apart the quartiles of a few people are is chance itself.
        and change.denominator >= parameter('P18', 'fewest_people')
),

jumps as (
    select *
    from (from shares_and_counts union all by name from medians)
    where
        obs_status is distinct from 'B'
        -- Of many groups some change so much by chance.
        and standard_errors
        > if(is_total, parameter('P18', 'most_standard_errors'), parameter('P18', 'most_errors_of_group'))
        and abs(value - earlier_value) > abs(earlier_value) * parameter('P18', 'most_change_pct') / 100
        -- A base of another size has its own answer, and changes the share by itself.
        and not is_of_another_size
)

select
    source_row,
    earlier_source_row as beside_row,
    if(measure_type_code = 'MEDDAYS', 'OBS_VALUE', 'NUMERATOR') as column_name,
    -- The cell holds a count or a median; what is expected of it is one, too, and each percentage stands beside another.
    case measure_type_code
        when 'PROP'
            then say('about {count} of {denominator} ({earlier_value} % as in {earlier_period}, not {value} %)')
        when 'RATE100K' then say('about {count} as in {earlier_period} ({earlier_value} per 100 000, not {value})')
        when 'MEDDAYS' then say('about {earlier_value} days, as in {earlier_period}')
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
where
    not exists (
        select 1
        from jumps as earlier_jump
        where
            earlier_jump.source_row = jumps.earlier_source_row
            and abs(jumps.value - earlier_jump.earlier_value)
            <= abs(earlier_jump.earlier_value) * parameter('P18', 'most_change_pct') / 100
    )
    -- A median in another unit has its own answer.
    and other_unit is null
-- Where the total jumps its parts jump with it: that is one thing to look at, not forty.
qualify is_total or not bool_or(is_total) over (partition by block_id)
