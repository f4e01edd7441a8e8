"""What is said of every public table and column: grain, keys, type, unit and meaning."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingestion.catalogue.load import TYPES_FILE
from ingestion.settings import PROJECT_ROOT

MODELS = PROJECT_ROOT / "dbt_project" / "models"
COLUMNS_FILE = Path(__file__).with_name("columns.yml")
# The closed list of suffixes that carry a unit, as the glossary says, and the words of the field that do without.
SUFFIX_UNITS = {
    "_pct": "percent",
    "_per_100k": "per 100 000 population",
    "_days": "days",
    "_count": "count",
    "_mb": "megabytes",
    "_year": "year",
    "_on": "date",
    "_at": "time, UTC",
}
COUNTS = ("numerator", "denominator", "rows_read", "rows_accepted", "rows_held", "rows_refused", "groups_used")
OF_THE_INDICATOR = "unit of the indicator"
IN_THAT_UNIT = re.compile(
    r"(obs_|target_)?value|se|lower_ci|upper_ci|p25|p75|(hard|soft)_(min|max)|benchmark|change"
    r"|gap_to_\w+|funnel_(lower|upper)_\d+|country_(median|p25|p75|minimum|maximum)"
)
OF_THE_MEASURE = "unit of the measure"
TABLES_OF_MEASURES = ("fct_inequalities", "fct_convergence")
IN_ITS_UNIT = ("estimate", "se", "lower_ci", "upper_ci")


@dataclass(frozen=True)
class Column:
    """One column: its DuckDB type, meaning, unit (empty for codes and texts), and whether it is always filled."""

    name: str
    kind: str
    description: str
    unit: str
    is_required: bool


@dataclass(frozen=True)
class Table:
    """One table: its key, and {column: (table, column)} for the columns that name a row of another table."""

    schema: str
    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: dict[str, tuple[str, str]]


@cache
def documented_tables() -> dict[tuple[str, str], Table]:
    """Return {(schema, table): what is said of it} for every public table."""
    models = [_model(schema, model) for schema in ("marts", "quality") for model in _models_of(schema)]
    meanings = {column.name: column.description for table in models for column in table.columns}
    tables = [*models, *_catalogue_tables(meanings | _yaml(COLUMNS_FILE))]
    return {(table.schema, table.name): table for table in tables}


def _models_of(schema: str) -> list[dict[str, Any]]:
    return list(_yaml(MODELS / schema / "_models.yml")["models"])


def _yaml(path: Path) -> dict[str, Any]:
    return dict(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def _model(schema: str, model: dict[str, Any]) -> Table:
    arguments = _test_arguments(model)
    return Table(
        schema=schema,
        name=model["name"],
        description=model["description"],
        columns=tuple(
            Column(
                name=column["name"],
                kind=column["data_type"],
                description=column.get("description", ""),
                unit=_unit(model["name"], column["name"], column["data_type"]),
                is_required=bool(column.get("constraints")),
            )
            for column in model["columns"]
        ),
        key=tuple(arguments.get("grain", {}).get("columns", ())),
        references=_references(arguments.get("known_keys", {}).get("tables", {})),
    )


def _test_arguments(model: dict[str, Any]) -> dict[str, Any]:
    tests = [test for test in model.get("data_tests", []) if isinstance(test, dict)]
    return {name: given["arguments"] for test in tests for name, given in test.items()}


def _references(tables: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Return references as `known_keys` writes them: `dim_country`, or `codes_site.code` for another name."""
    found = {}
    for column, target in tables.items():
        table, _, other = target.partition(".")
        found[column] = (table, other or column)
    return found


def _catalogue_tables(meanings: dict[str, str]) -> Iterator[Table]:
    for seed in _yaml(TYPES_FILE)["seeds"]:
        name = seed["name"]
        columns = tuple(
            Column(
                name=column,
                kind=kind,
                description=meanings.get(f"{name}.{column}") or meanings.get(column, ""),
                unit=_unit(name, column, kind),
                is_required=False,
            )
            for column, kind in seed["config"]["column_types"].items()
        )
        yield Table("catalogue", name, seed["description"], columns, key=(), references={})


def _unit(table: str, column: str, kind: str) -> str:
    if column in COUNTS:
        return "count"
    if table in TABLES_OF_MEASURES and column in IN_ITS_UNIT:
        return OF_THE_MEASURE
    if IN_THAT_UNIT.fullmatch(column) and kind in ("double", "varchar"):
        return OF_THE_INDICATOR
    if kind in ("boolean", "varchar"):
        return ""
    return next((unit for suffix, unit in SUFFIX_UNITS.items() if column.endswith(suffix)), "")
