-- Where many cases have no group, a gap between the groups says little.
with

shares as (
    select
        part.source_row,
        part.dimension,
        case
            when comparable.has_denominator
                then 100 * comparable.denominator / nullif(total.denominator, 0)
            else 100 * comparable.numerator / nullif(total.numerator, 0)
        end as unknown_pct
    from part
    inner join comparable on part.source_row = comparable.source_row
    inner join comparable as total on part.total_row = total.source_row
    where part.code in (
        select code from catalogue.codes_sex
        where label = 'Unknown'
    )
)

select
    source_row,
    dimension as column_name,
    number_text(round(unknown_pct, 1)) || ' %' as found,
    case
        when unknown_pct > 20 then 'above 20 % a gap between the groups says little'
        else 'above 5 % the breakdown is read with care'
    end as expected
from shares
where unknown_pct > 5
