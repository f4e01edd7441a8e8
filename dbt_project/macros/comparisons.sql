-- Expressions that comparisons between countries share.

-- Fewer countries have no value in common, no dispersion and no convergence.
{% macro minimum_country_count() -%}
    3
{%- endmacro %}

-- Where a country stands, as the interval of its gap says. `better_sign`: 1 if higher is better, -1 if lower, or NULL.
{% macro position(lower, upper, better_sign) -%}
    case
        when {{ lower }} is null or {{ better_sign }} is null then 'not_assessed'
        when {{ lower }} > 0 then if({{ better_sign }} > 0, 'better', 'worse')
        when {{ upper }} < 0 then if({{ better_sign }} > 0, 'worse', 'better')
        else 'similar'
    end
{%- endmacro %}

-- The quantile of a sorted list, linear between its neighbours: what `quantile_cont` says, whose last digit is another in
-- DuckDB 2.0 than before.
{% macro quantile_of(sorted, probability) -%}
    {% set place = '(1 + ' ~ probability ~ ' * (len(' ~ sorted ~ ') - 1))' -%}
    {% set below = sorted ~ '[floor(' ~ place ~ ')::bigint]' -%}
    {{ below }} + ({{ sorted }}[ceil({{ place }})::bigint] - {{ below }}) * ({{ place }} - floor({{ place }}))
{%- endmacro %}
