-- Numbers are finite or absent: neither infinity nor "not a number" comes out of a division or a logarithm.
{% test finite(model, columns) %}
    select *
    from {{ model }}
    where
        {% for column in columns %}
            {{ 'or ' if not loop.first }}not isfinite({{ column }})
        {% endfor %}
{% endtest %}
