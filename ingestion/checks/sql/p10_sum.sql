-- The parts of a complete breakdown add up to their total; with a group "unknown" they do not pass it.
-- A part that cannot exist (M) counts as nobody; any other empty part makes the breakdown incomplete.
with

counts as (
    select
        source_row,
        column_name,
        number as counted
    from figure
    where is_count
),

parts as (
    select
        part.total_row,
        part.dimension,
        part.code,
        breakdown_code.partition_name,
        part.ref_area,
        counts.column_name,
        min(counts.counted) as counted,
        bool_or(comparable.obs_status = 'M') as cannot_exist
    from part
    inner join comparable on part.source_row = comparable.source_row
    inner join counts on part.source_row = counts.source_row
    left join breakdown_code
        on
            part.dimension = breakdown_code.dimension
            and part.code = breakdown_code.code
            and (breakdown_code.country_code is null or part.ref_area = breakdown_code.country_code)
    where part.total_row is not null
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

sums as (
    select
        parts.total_row,
        parts.dimension,
        parts.partition_name,
        parts.column_name,
        sum(parts.counted) as part_sum,
        count(*) filter (where parts.counted is not null or parts.cannot_exist) = any_value(partitions.code_count)
            as is_complete
    from parts
    inner join partitions
        on
            parts.dimension = partitions.dimension
            and parts.partition_name = partitions.partition_name
            and (partitions.country_code is null or parts.ref_area = partitions.country_code)
    group by parts.total_row, parts.dimension, parts.partition_name, parts.column_name
),

unknowns as (
    select
        total_row,
        dimension,
        column_name,
        sum(counted) as unknown_count
    from parts
    where
        partition_name is null and code in (
            select code from catalogue.codes_sex
            where label = 'Unknown'
        )
    group by all
)

select
    sums.total_row as source_row,
    sums.column_name,
    number_text(counts.counted) as found,
    'the parts by ' || sums.dimension || ' add up to ' || number_text(sums.part_sum + coalesce(unknown_count, 0))
        as expected
from sums
inner join counts on sums.total_row = counts.source_row and sums.column_name = counts.column_name
left join unknowns
    on
        sums.total_row = unknowns.total_row
        and sums.dimension = unknowns.dimension
        and sums.column_name = unknowns.column_name
where
    sums.is_complete
    and sums.part_sum is not null
    and case
        when unknowns.total_row is null then abs(sums.part_sum - counts.counted) > 1e-6
        else sums.part_sum + coalesce(unknown_count, 0) > counts.counted + 1e-6
    end
