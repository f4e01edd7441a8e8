-- The rows of a table in an order, with their `place` in it. Numbering makes DuckDB go through them in one thread and
-- one after the other, so that sums over them do not depend on the number of its threads: their last digits follow
-- from the order of the terms.
{% macro one_by_one(table, order) -%}
    (select *, row_number() over () as place from (select * from {{ table }} order by {{ order }}))
{%- endmacro %}
