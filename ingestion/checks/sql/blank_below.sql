-- A value that is written once, above all the rows that it is meant for, is missing in these: they are read as totals.
-- Where the file holds the total of the row above, or the same value for the row below, the blank is meant.
-- needs block where exists (from stratum_part) or (
--   site_key <> (select total_code from catalogue.dimensions where dimension_code = 'SITE')
--   and indicator in (
--   select indicator from block
--   where site_key = (select total_code from catalogue.dimensions where dimension_code = 'SITE')))
with

of_all_sites as (
    select
        block_id,
        indicator,
        time_period
    from block
    where
        site_key = (
            select total_code from catalogue.dimensions
            where dimension_code = 'SITE'
        )
),

-- The rows by site of indicators that have rows of all sites, too, and where these would stand.
by_site as materialized (
    select
        comparable.source_row,
        'SITE' as dimension,
        comparable.site_key as code,
        of_all_sites.block_id as total_block_id,
        comparable.stratum_id as total_stratum_id
    from comparable
    left join of_all_sites
        on comparable.indicator = of_all_sites.indicator and comparable.time_period = of_all_sites.time_period
    where
        comparable.indicator in (select indicator from of_all_sites)
        and comparable.block_id not in (select block_id from of_all_sites)
),

without_total as materialized (
    select
        part.source_row,
        part.dimension,
        part.code
    from part
    anti join total on part.block_id = total.block_id and part.total_stratum_id = total.stratum_id

    union all

    select
        by_site.source_row,
        by_site.dimension,
        by_site.code
    from by_site
    anti join comparable
        on by_site.total_block_id = comparable.block_id and by_site.total_stratum_id = comparable.stratum_id
),

-- By what a row is broken down, as one number.
shape as (
    select
        stratum.stratum_id,
        coalesce(sum(hash(stratum_part.dimension)) filter (stratum_part.dimension is not null), 0) as dimensions
    from stratum
    left join stratum_part on stratum.stratum_id = stratum_part.stratum_id
    group by stratum.stratum_id
),

-- Few of a million rows have no total.
near as materialized (
    select
        comparable.source_row,
        comparable.block_id,
        comparable.stratum_id,
        comparable.indicator,
        shape.dimensions
        + if(comparable.block_id in (select block_id from of_all_sites), 0, hash('SITE')) as dimensions
    from comparable
    inner join shape on comparable.stratum_id = shape.stratum_id
    where comparable.source_row in (select unnest([source_row, source_row + 1]) from without_total)
),

below as materialized (
    select
        next_row.*,
        without_total.dimension,
        without_total.code
    from without_total
    inner join near as this_row on without_total.source_row = this_row.source_row
    inner join near as next_row
        on
            without_total.source_row + 1 = next_row.source_row
            and this_row.indicator = next_row.indicator
            and this_row.dimensions = next_row.dimensions + hash(without_total.dimension)
),

fellows as (
    select
        block_id as total_block_id,
        total_stratum_id,
        dimension,
        code
    from part
    where block_id in (select block_id from below)

    union all

    select
        total_block_id,
        total_stratum_id,
        dimension,
        code
    from by_site
)

select
    source_row,
    dimension as column_name,
    code as found,
    -- Who writes the total out means it.
    true as only_if_blank
from below
where
    not exists (
        select 1
        from fellows
        where
            fellows.total_block_id = below.block_id
            and fellows.total_stratum_id = below.stratum_id
            and fellows.dimension = below.dimension
            and fellows.code = below.code
    )
    -- The fellow of a row may be one whose codes are wrong: it has its own answer.
    and indicator not in (select indicator from unclear)
