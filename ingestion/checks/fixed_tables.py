"""The tables that follow from the catalogue alone: made once, they serve all files.

- `allowed_code`, `allowed_sex`: the codes that may stand in a column.
- `breakdown_code`, `gradient_end`: which codes make up a total, and which are the first and the last of those that have
  an order.
- `nested_code`: of each code that holds others or is held, from which to before which of the smallest groups it goes
  (of ages, the years), and the codes beside which it makes up the total (`level`); one outside the levels stands alone.
- `joined_code`: which codes each wider age class joins, of the levels that it is made of.
- `indicator_fact`: what the catalogue says of an indicator.
"""

import duckdb

from ingestion.catalogue import rows
from ingestion.checks.parsed import run, run_file
from ingestion.checks.vocabulary import (
    UNKNOWN_CODE,
    ages_of,
    code_column,
    code_lists,
    number_names,
    stratum_dimensions,
    total_codes,
)

# Age classes come at several levels; those of one level together make up the total, except these.
LEVELS_WITHOUT_PARTITION = ("total", "alternative")
# What the rules ask of an indicator.
FACTS = (
    "measure_type_code",
    "theme_code",
    "periodicity_code",
    "hard_min",
    "hard_max",
    "soft_min",
    "soft_max",
    "minimum_denominator_count",
    "is_person_count",
    "allows_published_value",
    "allows_fractional_count",
)


def create_fixed_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables that follow from the catalogue alone, and serve all files; the catalogue is there already."""
    run(connection, "create macro say(text) as text")  # marks a text that is translated before a person reads it
    _create_allowed_codes(connection)
    _create_breakdown_codes(connection)
    _create_nested_codes(connection)
    _create_joined_codes(connection)
    run_file(connection, "gradient_end")
    _create_indicator_facts(connection)


def _create_allowed_codes(connection: duckdb.DuckDBPyConnection) -> None:
    allowed = []
    for column, code_list in code_lists().items():
        # Only a list of regions says which country each of its codes belongs to; any country may not know a region.
        is_regional = column == "NUTS2"
        country = "coalesce(codes.country_code, countries.country_code)" if is_regional else "cast(null as varchar)"
        every_country = "left join catalogue.countries on codes.country_code is null" if is_regional else ""
        allowed.append(
            f"select '{column}' as column_name, codes.{code_column(code_list)} as code, {country} as country_code "
            f"from catalogue.{code_list} as codes {every_country}"
        )
    run(connection, f"create table allowed_code as {' union all '.join(allowed)}")
    run(connection, "create table allowed_sex as select code from allowed_code where column_name = 'SEX'")


def _create_indicator_facts(connection: duckdb.DuckDBPyConnection) -> None:
    numbers = number_names()
    used = [f"bool_or(column_name = '{name}') as uses_{name.lower()}" for name in numbers]
    needed = [f"bool_or(column_name = '{name}' and is_required) as needs_{name.lower()}" for name in numbers]
    counted = [f"bool_or(column_name = '{name}' and is_count) as counts_{name.lower()}" for name in numbers]
    reference = "bool_or(column_name = 'REFERENCE' and is_required) as needs_reference"
    run_file(
        connection,
        "indicator_fact",
        facts=", ".join(f"indicators.{name}" for name in FACTS),
        measures=", ".join([*used, *needed, *counted, reference]),
    )


def _create_breakdown_codes(connection: duckdb.DuckDBPyConnection) -> None:
    """The children of a dimension's total make up the total; age classes do so level by level."""
    found: list[tuple[str, str, str]] = []
    for row in stratum_dimensions():
        found += _parts_of(row["dimension_code"], row["code_list"], row["total_code"])
    columns = ("dimension", "partition_id", "code")
    selected = ", ".join(f"unnest(?::varchar[]) as {column}" for column in columns)
    run(
        connection,
        f"create table breakdown_code as select *, count(*) over (partition by dimension, partition_id) as code_count "
        f"from (select {selected})",
        list(zip(*found, strict=True)),
    )


def _parts_of(dimension: str, code_list: str, total: str) -> list[tuple[str, str, str]]:
    """Return (dimension, set of codes that make up the total, code); regions make up their own country."""
    parts: list[tuple[str, str, str]] = []
    for row in rows(code_list):
        level, country = row.get("age_level"), row.get("country_code")
        is_part = level not in LEVELS_WITHOUT_PARTITION if level else bool(country) or row["parent_code"] == total
        if is_part and row["code"] != UNKNOWN_CODE:
            parts.append((dimension, level or country or "all", row["code"]))
    return parts


def _create_nested_codes(connection: duckdb.DuckDBPyConnection) -> None:
    """Say of each code which of the smallest groups it holds, counted in their order, where some codes hold others."""
    found: list[tuple[str, str, str, int, int]] = []
    for row in stratum_dimensions():
        levels = {
            code: level for _, level, code in _parts_of(row["dimension_code"], row["code_list"], row["total_code"])
        }
        held = _groups_held(row["code_list"], row["total_code"])
        if any(len(groups) > 1 for groups in held.values()):
            found += [
                (row["dimension_code"], code, levels.get(code, code), min(groups), max(groups) + 1)
                for code, groups in held.items()
            ]
    texts = ", ".join(f"unnest(?::varchar[]) as {column}" for column in ("dimension", "code", "level"))
    groups = "unnest(?::integer[]) as first_group, unnest(?::integer[]) as end_group"
    run(connection, f"create table nested_code as select {texts}, {groups}", list(zip(*found, strict=True)))


def _groups_held(code_list: str, total: str) -> dict[str, frozenset[int]]:
    """Return {code: the numbers of the smallest groups that it holds}; of an age class, its years of age."""
    parents = {
        row["code"]: row.get("parent_code") for row in rows(code_list) if row["code"] not in (total, UNKNOWN_CODE)
    }
    smallest = [code for code in parents if code not in parents.values()]
    return {
        code: ages_of(code) or frozenset(n for n, each in enumerate(smallest) if code in (each, parents[each]))
        for code in parents
    }


def _create_joined_codes(connection: duckdb.DuckDBPyConnection) -> None:
    """An age class outside the levels may be several classes of one: it holds the people of all of them."""
    levels: dict[str, list[str]] = {}
    for _, level, code in _parts_of("AGE", "codes_age", total_codes()["AGE"]):
        levels.setdefault(level, []).append(code)
    joined = []
    for code in (row["code"] for row in rows("codes_age") if row["age_level"] == "alternative"):
        for level, classes in levels.items():
            parts = [each for each in classes if ages_of(each) <= ages_of(code)]
            if set().union(*map(ages_of, parts)) == ages_of(code):
                joined += [(level, code, part) for part in parts]
    columns = ("partition_id", "code", "part_code")
    selected = ", ".join(f"unnest(?::varchar[]) as {column}" for column in columns)
    run(connection, f"create table joined_code as select {selected}", list(zip(*joined, strict=True)))
