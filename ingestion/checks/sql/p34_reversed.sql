-- When the disadvantaged and the advantaged group change places from one period to the next, the codes may be upside down.
-- needs change_of_row
-- needs stratum_part where dimension in ('ISCED11', 'QUANTILE')
with

gradients as (
    select
        change.line_id,
        change.time_period,
        gradient_end.dimension,
        min(change.source_row) as source_row,
        any_value(change.earlier_period) as earlier_period,
        any_value(change.value) filter (where gradient_end.is_first) as first_value,
        any_value(change.value) filter (where not gradient_end.is_first) as last_value,
        any_value(change.earlier_value) filter (where gradient_end.is_first) as earlier_first,
        any_value(change.earlier_value) filter (where not gradient_end.is_first) as earlier_last,
        -- Of counts, what the four shares differ by chance, were they all the same; published values have no counts.
        (sum(change.numerator) + sum(change.earlier_numerator))
        / (sum(change.denominator) + sum(change.earlier_denominator)) as pooled,
        pow(100, 2) * pooled * (1 - pooled)
        * (sum(1 / change.denominator) + sum(1 / change.earlier_denominator)) as chance_variance
    from change
    inner join stratum_part on change.stratum_id = stratum_part.stratum_id
    inner join gradient_end
        on stratum_part.dimension = gradient_end.dimension and stratum_part.code = gradient_end.code
    where stratum_part.total_stratum_id in (select stratum_id from stratum where is_total)
    group by change.line_id, change.time_period, gradient_end.dimension
    -- The two ends stood side by side before.
    having min(change.earlier_period) = max(change.earlier_period)
)

select
    source_row,
    dimension as column_name,
    say('the order of {earlier_period}, when the lowest group had {earlier_first} and the highest {earlier_last}') as expected,
    {
        'first': round(first_value, 2),
        'last': round(last_value, 2),
        'earlier_first': round(earlier_first, 2),
        'earlier_last': round(earlier_last, 2),
        'earlier_period': earlier_period
    } as given
from gradients
where
    (last_value - first_value) * (earlier_last - earlier_first) < 0
    and abs(last_value - first_value) * 100
    > parameter('P34', 'smallest_gap_pct') * greatest(abs(first_value), abs(last_value))
    and abs(earlier_last - earlier_first) * 100
    > parameter('P34', 'smallest_gap_pct') * greatest(abs(earlier_first), abs(earlier_last))
    and pow(last_value - first_value - earlier_last + earlier_first, 2)
    > pow(parameter('P18', 'most_standard_errors'), 2) * coalesce(chance_variance, 0)
