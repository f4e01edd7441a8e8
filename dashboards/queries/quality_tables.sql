-- One row per table of the schema `quality`.
select table_name from duckdb_tables() where schema_name = 'quality' order by table_name
