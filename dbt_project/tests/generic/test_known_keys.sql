-- Every key stands in the table that describes it. `tables` maps a column to a model with a column of that name,
-- or to `model.column`.
{% test known_keys(model, tables) %}
    {% for column, place in tables.items() %}
        {% set parts = place.split('.') %}
        {{ 'union all' if not loop.first }}
        select '{{ column }}' as column_name, facts.{{ column }} as unknown_key
        from (select distinct {{ column }} from {{ model }} where {{ column }} is not null) as facts
        anti join {{ ref(parts[0]) }} as described
            on facts.{{ column }} = described.{{ parts[1] if parts | length > 1 else column }}
    {% endfor %}
{% endtest %}
