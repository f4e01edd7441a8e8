-- `dbt run-operation copy_public_tables --args '{file: ...}'`: copy what a release is made of into a new DuckDB file, with
-- the rows in the order in which each model ends, because a table of more than one group of rows may have lost it. What is
-- made in parts is numbered, and in the order of its columns.
{% macro copy_public_tables(file) %}
    {% call statement('copy', auto_begin=False) %}
        attach '{{ file }}' as copied (storage_version 'v1.4.0');
        {% for node in graph.nodes.values() if node.schema in ('catalogue', 'marts', 'quality') %}
            {% set table = node.schema ~ '.' ~ node.name %}
            {% set in_parts = node.config.materialized == 'table_in_parts' %}
            {% set last_line = 'order by all' if in_parts else node.raw_code.strip().split('\n') | last %}
            create schema if not exists copied.{{ node.schema }};
            create table copied.{{ table }} as
            from {{ node.database }}.{{ table }}
            {{ last_line if last_line.startswith('order by') }};
        {% endfor %}
        detach copied;
    {% endcall %}
{% endmacro %}
