-- What is known of the block and the stratum of a change stands beside it.
create view change as
select
    change_of_row.*, block.line_id, block.indicator, block.time_period, block.measure_type_code,
    block.is_person_count, block.uses_numerator, stratum.is_total, earlier_block.time_period as earlier_period,
    block.uses_denominator
        and greatest(denominator, earlier_denominator) >= parameter('SIZE_JUMP', 'fewest_people')
        and greatest(denominator / earlier_denominator, earlier_denominator / denominator)
            >= parameter('SIZE_JUMP', 'most_times') as is_of_another_size,
    case
        when block.measure_type_code <> 'MEDDAYS' then null
        -- Hours are more than days, weeks and months are fewer.
        when abs(value / earlier_value / 24 - 1) < parameter('P13', 'tolerance_pct') / 100 then say('hours')
        -- Of few people, one median may well be seven times another.
        when abs(earlier_value / value / 7 - 1) < parameter('P13', 'tolerance_pct') / 100
            and least(denominator, earlier_denominator) >= parameter('P18', 'fewest_people') then say('weeks')
        when abs(earlier_value / value / 30.4 - 1) < parameter('P13', 'tolerance_pct') / 100 then say('months')
    end as other_unit
from change_of_row
inner join block on change_of_row.block_id = block.block_id
inner join block as earlier_block on change_of_row.earlier_block_id = earlier_block.block_id
inner join stratum on change_of_row.stratum_id = stratum.stratum_id
