-- The code that stands for the total of a dimension, from the catalogue.
{% macro total_code(dimension_code) -%}
    (select total_code from {{ ref('dimensions') }} where dimension_code = '{{ dimension_code }}')
{%- endmacro %}
