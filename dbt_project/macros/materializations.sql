-- A table or a view, made at once under its own name, in the transaction in which what was there before is dropped. dbt
-- makes each under another name, renames it and drops the former one, which costs it as much as the statement itself.
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {% do drop_former() %}
    {% call statement('main', language=model.language) %}
        {{ create_table_as(false, this, compiled_code, model.language) }}
    {% endcall %}
    {% do adapter.commit() %}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {% do drop_former() %}
    {% call statement('main') %}
        {{ create_view_as(this, compiled_code) }}
    {% endcall %}
    {% do adapter.commit() %}
    {{ return({'relations': [this.incorporate(type='view')]}) }}
{% endmaterialization %}

-- A table about inequalities, made part by part in one transaction: what sorts those only that are `in_part` needs room for
-- a part, not for all. Inequalities are numbered from 1.
{% materialization table_in_parts, adapter='duckdb' %}
    {% do drop_former() %}
    {% set last = run_query('select max(unit_id) from ' ~ ref('int_inequality_units')).columns[0].values()[0] or 1 %}
    {% set size = var('units_in_part') %}
    {% for first in range(1, last | int + 1, size) %}
        {% call statement('bounds') %}
            set variable first_in_part = {{ first }};
            set variable last_in_part = {{ first + size - 1 }}
        {% endcall %}
        {% call statement('main') %}
            {{ create_table_as(false, this, compiled_code) if loop.first else 'insert into ' ~ this ~ compiled_code }}
        {% endcall %}
    {% endfor %}
    {% call statement('no_bounds') %}
        reset variable first_in_part;
        reset variable last_in_part
    {% endcall %}
    {% do adapter.commit() %}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}

-- What Python makes comes through another connection, which does not see a drop that is not committed.
{% macro drop_former() %}
    {% set former = load_cached_relation(this) %}
    {% if former %}
        {% call statement('drop_former', auto_begin=model.language == 'sql') %}
            drop {{ former.type }} {{ former }}
        {% endcall %}
    {% endif %}
{% endmacro %}
