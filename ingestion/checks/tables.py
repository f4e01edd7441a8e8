"""The tables that rules are written over, in a DuckDB that lives only while one file is examined.

- `submission`: one row per data row, columns as in the format (lower case), `source_row` and `is_damaged`.
- `sender`: one row, the country that the file comes from.
- `allowed_code`: one row per (column, code that may stand there), with the country of codes that belong to one.
- `code_cell`: one row per filled cell of a column that has a code list.
- `observation`: one row per data row of a known indicator, with the indicator's facts, each dimension's total
  written out (`sex_key`, ...), and keys: `block_key` (country, indicator, period, site), `stratum_key`.
- `figure`: one row per (data row of a known indicator, number column that its measure uses), empty ones included.
- `comparable`: the rows of `observation` whose codes are right and that stand once.
- `unclear`: one row per indicator of which a row is not comparable.
- `part`: one row per (comparable row, dimension by which it is broken down), with the row of that dimension's total.
- `breakdown_code`: one row per (dimension, partition, country, code): the codes that together make up the total.
"""

import duckdb

from ingestion.catalogue import load_into, rows
from ingestion.checks.cells import TypedTable, home_sign_of
from ingestion.checks.vocabulary import code_column, code_lists

UNKNOWN_CODE = "UNK"
# Age classes come at several levels; those of one level together make up the total, except these.
LEVELS_WITHOUT_PARTITION = ("total", "alternative")
NUMBER_TEXT = """
create macro number_text(x) as replace(
    case
        when x = round(x) and abs(x) < 1e15 then cast(cast(x as bigint) as varchar)
        else rtrim(rtrim(format('{{:.4f}}', x), '0'), '.')
    end,
    '.', '{sign}'
)"""
OBSERVATION = """
create table observation as
select
    submission.*,
    indicators.indicator_name, indicators.measure_type_code, indicators.hard_min, indicators.hard_max,
    indicators.soft_min, indicators.soft_max, indicators.periodicity_code, indicators.is_person_count,
    indicators.minimum_denominator_count, indicators.allows_published_value, indicators.allows_fractional_count,
    {keys},
    concat_ws('|', submission.ref_area, submission.indicator, submission.time_period, site_key) as block_key,
    concat_ws('|', {strata}) as stratum_key,
    stratum_key = '{total_stratum}' as is_total,
    coalesce(obs_status.value_rule, 'filled') as value_rule,
    sites.sex_restriction,
    coalesce(
        sites.sex_restriction <> '{sex_total}' and sex_key <> sites.sex_restriction
        and sex_key in (select sex_restriction from catalogue.codes_site where sex_restriction <> '{sex_total}')
        and submission.indicator not in (select indicator_code from catalogue.check_exceptions where rule = 'P05'),
        false
    ) as is_impossible
from submission
inner join catalogue.indicators on submission.indicator = indicators.indicator_code
left join catalogue.codes_site as sites on coalesce(submission.site, '{site_total}') = sites.code
left join catalogue.codes_obs_status as obs_status on submission.obs_status = obs_status.code
"""
VALUES = """
create or replace table observation as
select
    observation.*,
    filled.has_required or (allows_published_value and obs_value is not null) as is_filled,
    filled.is_empty,
    filled.has_denominator,
    case measure_type_code
        when 'PROP' then
            case
                when numerator is not null and denominator > 0 then 100 * numerator / denominator
                when allows_published_value then obs_value
            end
        when 'RATE100K' then
            case when is_total then 100000 * numerator / populations.population_count end
        else if(filled.has_numerator, numerator, obs_value)
    end as value
from observation
inner join (
    select
        source_row,
        bool_and(number is not null) filter (is_required) as has_required,
        bool_and(number is null) as is_empty,
        bool_or(column_name = 'NUMERATOR') as has_numerator,
        bool_or(column_name = 'DENOMINATOR') as has_denominator
    from figure
    group by source_row
) as filled
    on observation.source_row = filled.source_row
left join catalogue.populations
    on observation.ref_area = populations.country_code
    and try_cast(left(observation.time_period, 4) as integer) = populations.population_year
"""
FIGURE = """
select observation.source_row, measure_columns.column_name, is_required, is_count, {column} as number
from observation
inner join catalogue.measure_columns
    on observation.measure_type_code = measure_columns.measure_type_code
    and measure_columns.column_name = '{name}'
"""
PART = """
select
    source_row, ref_area, block_key, '{dimension}' as dimension, {column} as code,
    concat_ws('|', {strata}) as total_stratum_key
from comparable
where {column} <> '{total}'
"""


def create_tables(connection: duckdb.DuckDBPyConnection, typed: TypedTable, *, country_code: str) -> None:
    """Create the tables of this module in a connection, and the catalogue beside them."""
    load_into(connection)
    connection.execute(NUMBER_TEXT.format(sign=home_sign_of(country_code)))
    connection.execute("create table sender as select ? as country_code", [country_code])
    _create_submission(connection, typed)
    _create_codes(connection)
    _create_observation(connection)
    _create_breakdown_codes(connection)


def set_aside(connection: duckdb.DuckDBPyConnection, source_rows: set[int]) -> None:
    """Create `comparable`, `unclear` and `part` anew without some rows: those whose own codes are wrong.

    Rules about one row still see them in `observation`; rules that compare rows would blame the others.
    """
    connection.execute(
        "create or replace temp table aside as select unnest(?::integer[]) as source_row", [sorted(source_rows)]
    )
    connection.execute("create or replace table comparable as from observation where source_row not in (from aside)")
    connection.execute(
        "create or replace table unclear as select distinct indicator from submission where source_row in (from aside)"
    )
    _create_part(connection)


def _create_submission(connection: duckdb.DuckDBPyConnection, typed: TypedTable) -> None:
    """Create `submission`; lists are handed over column by column, which needs no other library."""
    damaged = typed.damaged_rows
    kinds = {row["column_name"]: row["column_kind"] for row in rows("submission_columns")}
    columns = ["unnest($source_row::integer[]) as source_row", "unnest($is_damaged::boolean[]) as is_damaged"]
    values: dict[str, object] = {
        "source_row": typed.source_rows,
        "is_damaged": [row in damaged for row in typed.source_rows],
    }
    for name, kind in kinds.items():
        type_name = "double" if kind == "number" else "varchar"
        columns.append(f"unnest(${name.lower()}::{type_name}[]) as {name.lower()}")
        values[name.lower()] = typed.columns[name]
    connection.execute(f"create table submission as select {', '.join(columns)}", values)


def _create_codes(connection: duckdb.DuckDBPyConnection) -> None:
    allowed, cells = [], []
    for column, code_list in code_lists().items():
        # Only a list of regions says which country each of its codes belongs to.
        country = "country_code" if column == "NUTS2" else "cast(null as varchar)"
        allowed.append(
            f"select '{column}' as column_name, {code_column(code_list)} as code, {country} as country_code "
            f"from catalogue.{code_list}"
        )
        cells.append(
            f"select source_row, ref_area, '{column}' as column_name, {column.lower()} as code from submission "
            f"where {column.lower()} is not null"
        )
    connection.execute(f"create table allowed_code as {' union all '.join(allowed)}")
    connection.execute(f"create table code_cell as {' union all '.join(cells)}")


def _create_observation(connection: duckdb.DuckDBPyConnection) -> None:
    dimensions = rows("dimensions")
    totals = {row["dimension_code"]: row["total_code"] for row in dimensions}
    strata = [row["dimension_code"] for row in dimensions if row["is_stratum"] == "true"]
    keys = [f"coalesce(submission.{name.lower()}, '{total}') as {name.lower()}_key" for name, total in totals.items()]
    observation = OBSERVATION.format(
        keys=", ".join(keys),
        strata=", ".join(_key(name) for name in strata),
        total_stratum="|".join(totals[name] for name in strata),
        sex_total=totals["SEX"],
        site_total=totals["SITE"],
    )
    connection.execute(observation)
    names = [row["column_name"] for row in rows("submission_columns") if row["column_kind"] == "number"]
    figures = " union all ".join(FIGURE.format(name=name, column=name.lower()) for name in names)
    connection.execute(f"create table figure as {figures}")
    connection.execute(VALUES)


def _create_part(connection: duckdb.DuckDBPyConnection) -> None:
    dimensions = rows("dimensions")
    totals = {row["dimension_code"]: row["total_code"] for row in dimensions}
    strata = [row["dimension_code"] for row in dimensions if row["is_stratum"] == "true"]
    parts = [
        PART.format(
            dimension=name,
            column=_key(name),
            total=totals[name],
            strata=", ".join(f"'{totals[name]}'" if other == name else _key(other) for other in strata),
        )
        for name in strata
    ]
    connection.execute(
        f"create or replace table part as select parts.*, totals.total_row from ({' union all '.join(parts)}) as parts "
        "left join "
        "(select block_key, stratum_key, min(source_row) as total_row from comparable group by all) as totals "
        "on parts.block_key = totals.block_key and parts.total_stratum_key = totals.stratum_key"
    )


def _key(dimension: str) -> str:
    return f"{dimension.lower()}_key"


def _create_breakdown_codes(connection: duckdb.DuckDBPyConnection) -> None:
    """The children of a dimension's total make up the total; age classes do so level by level."""
    found: list[tuple[str, str, str | None, str]] = []
    for dimension in rows("dimensions"):
        if dimension["is_stratum"] == "true":
            found += _parts_of(dimension["dimension_code"], dimension["code_list"], dimension["total_code"])
    columns = ("dimension", "partition_name", "country_code", "code")
    selected = ", ".join(f"unnest(?::varchar[]) as {column}" for column in columns)
    connection.execute(f"create table breakdown_code as select {selected}", list(zip(*found, strict=True)))


def _parts_of(dimension: str, code_list: str, total: str) -> list[tuple[str, str, str | None, str]]:
    parts: list[tuple[str, str, str | None, str]] = []
    for row in rows(code_list):
        level, country = row.get("age_level"), row.get("country_code")
        is_part = level not in LEVELS_WITHOUT_PARTITION if level else bool(country) or row["parent_code"] == total
        if is_part and row["code"] != UNKNOWN_CODE:
            parts.append((dimension, level or "all", country, row["code"]))
    return parts
