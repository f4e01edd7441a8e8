-- Whether an inequality is in the part that is being made; each is where nobody makes parts.
{% macro in_part(unit_id) -%}
    {{ unit_id }} between coalesce(getvariable('first_in_part'), 0)
    and coalesce(getvariable('last_in_part'), 9223372036854775807)
{%- endmacro %}
