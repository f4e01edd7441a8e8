-- `dbt run-operation load_landing`: bring the landing of a build, which the builder filled in a file, to where the marts
-- will be, in one transaction.
{% macro load_landing() %}
    {% set landing = target.database ~ '.landing' %}
    {% call statement('landing', auto_begin=False) %}
        begin;
        create schema if not exists {{ landing }};
        {% for source in graph.sources.values() %}
            create or replace table {{ landing }}.{{ source.name }} as from landed.landing.{{ source.name }};
        {% endfor %}
        commit;
    {% endcall %}
{% endmacro %}
