-- Where many cases have no group, a gap between the groups says little.
-- needs unknown
with

shares as (
    select
        unknown.source_row,
        unknown.dimension,
        if(
            total.uses_denominator,
            100 * unknown.denominator / nullif(total.denominator, 0),
            100 * unknown.numerator / nullif(total.numerator, 0)
        ) as unknown_pct
    from unknown
    inner join total
        on unknown.block_id = total.block_id and unknown.total_stratum_id = total.stratum_id
)

select
    source_row,
    dimension as column_name,
    if(
        unknown_pct > parameter('P25', 'no_gap_pct'),
        say('above {limit} % a gap between the groups says little'),
        say('above {limit} % the breakdown is read with care')
    ) as expected,
    {
        'share': round(unknown_pct, 1),
        'limit': if(
            unknown_pct > parameter('P25', 'no_gap_pct'), parameter('P25', 'no_gap_pct'), parameter('P25', 'mark_pct')
        )
    } as given
from shares
where unknown_pct > parameter('P25', 'mark_pct')
