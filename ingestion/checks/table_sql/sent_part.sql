create table sent_part as
select
    sent.*, block.indicator, block.ref_area, block.time_period, block.site_key,
    bool_or(sent.dimension is null) over (partition by sent.block_id) as has_total
from (
    select
        comparable.block_id, stratum_part.dimension,
        min(comparable.source_row) filter (comparable.is_filled) as first_filled_row
    from comparable
    left join stratum_part on comparable.stratum_id = stratum_part.stratum_id
    group by comparable.block_id, stratum_part.dimension
) as sent
inner join block on sent.block_id = block.block_id
