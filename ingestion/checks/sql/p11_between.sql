-- A weighted mean or a pooled median cannot leave the range of its parts. Published values are rounded to 0.1.
with

parts as (
    select
        part.total_row,
        part.dimension,
        coalesce(breakdown_code.partition_name, part.code) as partition_name,
        breakdown_code.partition_name is null as is_outside_partition,
        part.ref_area,
        part.code,
        min(comparable.value) as value,
        bool_or(comparable.obs_status = 'M') as cannot_exist
    from part
    inner join comparable on part.source_row = comparable.source_row
    left join breakdown_code
        on
            part.dimension = breakdown_code.dimension
            and part.code = breakdown_code.code
            and (breakdown_code.country_code is null or part.ref_area = breakdown_code.country_code)
    where part.total_row is not null and comparable.has_denominator
    group by all
),

partitions as (
    select
        dimension,
        partition_name,
        country_code,
        count(*) as code_count
    from breakdown_code
    group by all
),

ranges as (
    select
        parts.total_row,
        parts.dimension,
        min(parts.value) as smallest,
        max(parts.value) as largest,
        count(*) filter (where parts.value is not null or parts.cannot_exist) = any_value(partitions.code_count)
            as is_complete
    from parts
    inner join partitions
        on
            parts.dimension = partitions.dimension
            and parts.partition_name = partitions.partition_name
            and (partitions.country_code is null or parts.ref_area = partitions.country_code)
    group by parts.total_row, parts.dimension, parts.partition_name
),

unknowns as (
    select
        total_row,
        dimension,
        min(value) as smallest,
        max(value) as largest,
        bool_or(value is null) as is_hidden
    from parts
    where
        is_outside_partition and code in (
            select code from catalogue.codes_sex
            where label = 'Unknown'
        )
    group by all
)

select
    comparable.source_row,
    case when comparable.obs_value is not null then 'OBS_VALUE' else 'NUMERATOR' end as column_name,
    number_text(comparable.value) as found,
    'its parts by ' || ranges.dimension || ' lie between '
    || number_text(least(ranges.smallest, unknowns.smallest)) || ' and '
    || number_text(greatest(ranges.largest, unknowns.largest)) as expected
from ranges
inner join comparable on ranges.total_row = comparable.source_row
left join unknowns on ranges.total_row = unknowns.total_row and ranges.dimension = unknowns.dimension
where
    ranges.is_complete
    and not coalesce(unknowns.is_hidden, false)
    and (
        comparable.value < least(ranges.smallest, unknowns.smallest) - if(comparable.numerator is null, 0.1, 0) - 1e-9
        or comparable.value
        > greatest(ranges.largest, unknowns.largest) + if(comparable.numerator is null, 0.1, 0) + 1e-9
    )
