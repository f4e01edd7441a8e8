-- The first and the last group of the breakdowns that have an order.
create table gradient_end as
select dimension, code, sort_order = first_order as is_first
from (
    select
        codes.*,
        min(sort_order) over (partition by dimension) as first_order,
        max(sort_order) over (partition by dimension) as last_order
    from (
        select 'ISCED11' as dimension, code, sort_order from catalogue.codes_isced11
        union all
        select 'QUANTILE' as dimension, code, sort_order from catalogue.codes_quantile
    ) as codes
    semi join breakdown_code using (dimension, code)
)
where sort_order in (first_order, last_order)
