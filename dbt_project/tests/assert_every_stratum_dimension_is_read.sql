-- A stratum dimension of the catalogue is a column of the staged observations, and its groups are known.
-- depends_on: {{ ref('stg_observations') }}
with

dimensions as (
    select * from {{ ref('dimensions') }}
    where is_stratum
),

staged_columns as (
    select upper(column_name) as dimension_code
    from duckdb_columns()
    where schema_name = 'staging' and table_name = 'stg_observations'
),

groups as (
    select * from {{ ref('int_groups') }}
)

select dimensions.dimension_code
from dimensions
anti join staged_columns on dimensions.dimension_code = staged_columns.dimension_code

union all

select dimensions.dimension_code
from dimensions
anti join groups on dimensions.dimension_code = groups.dimension_code
