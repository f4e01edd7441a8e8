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

-- What Python makes comes through another connection, which does not see a drop that is not committed.
{% macro drop_former() %}
    {% set former = load_cached_relation(this) %}
    {% if former %}
        {% call statement('drop_former', auto_begin=model.language == 'sql') %}
            drop {{ former.type }} {{ former }}
        {% endcall %}
    {% endif %}
{% endmacro %}
