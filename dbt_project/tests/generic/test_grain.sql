-- The columns are the table's grain: no two rows share them.
{% test grain(model, columns) %}
    select {{ columns | join(', ') }}, count(*) as row_count
    from {{ model }}
    group by all
    having count(*) > 1
{% endtest %}
