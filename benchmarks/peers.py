"""What other tools take to check the same file: `python -m benchmarks.peers pointblank|frictionless|schema FILE`.

Runs in `.venv-bench`, which has these tools and nothing of ours: the code lists are read from the catalogue's files.
"""

import csv
import sys
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.measuring import PROJECT, report

CATALOGUE = PROJECT / "ingestion" / "catalogue"
CODE_LISTS = {
    "INDICATOR": "indicators",
    "REF_AREA": "countries",
    "SITE": "codes_site",
    "SEX": "codes_sex",
    "AGE": "codes_age",
    "NUTS2": "codes_nuts2",
    "DEGURBA": "codes_degurba",
    "ISCED11": "codes_isced11",
    "QUANTILE": "codes_quantile",
    "C_BIRTH": "codes_c_birth",
    "OBS_STATUS": "codes_obs_status",
}
REQUIRED = ("INDICATOR", "REF_AREA", "TIME_PERIOD")
KEY = (*REQUIRED, "SITE", "SEX", "AGE", "NUTS2", "DEGURBA", "ISCED11", "QUANTILE", "C_BIRTH")
COUNTS = ("NUMERATOR", "DENOMINATOR")
PERIOD = r"^\d{4}(-S[12])?$"
# What a Table Schema cannot say of a row.
OF_ROWS = (
    "NUMERATOR is not None or OBS_STATUS == 'M'",
    "NUMERATOR is None or DENOMINATOR is None or NUMERATOR <= DENOMINATOR",
)
NO_CAP = 10**9  # all problems are to be located, as ours are


@cache
def codes(column: str) -> list[str]:
    """Return the codes of a column: the first column of its list."""
    with (CATALOGUE / f"{CODE_LISTS[column]}.csv").open(newline="", encoding="utf-8") as stream:
        return [row[0] for row in csv.reader(stream)][1:]


def check_with_pointblank(file: Path) -> dict[str, Any]:
    """Read with polars and run ten rules; every failing row is kept as an extract, which locates it.

    The ten: five code lists, the form of the period, a number that is there unless its status says why not, a
    numerator that is part of its denominator, whole counts, and one row per figure.
    """
    numbers = dict.fromkeys((*COUNTS, "OBS_VALUE", "P25", "P75"), pl.Float64)
    table = pl.read_csv(
        file,
        separator=";",
        decimal_comma=True,
        schema_overrides=numbers,
        infer_schema=False,  # all other columns are text
        ignore_errors=True,  # a text in a column of numbers is read as nothing, and found as such
        empty_string_is_null=False,
    )
    rules = pb.Validate(table)
    for column in ("INDICATOR", "SITE", "SEX", "AGE", "NUTS2"):
        rules = rules.col_vals_in_set(columns=column, set=codes(column) + ([] if column in REQUIRED else [""]))
    rules = (
        rules.col_vals_regex(columns="TIME_PERIOD", pattern=PERIOD)
        .col_vals_expr(pl.col("NUMERATOR").is_not_null() | (pl.col("OBS_STATUS") == "M"))
        .col_vals_le(columns="NUMERATOR", value=pb.col("DENOMINATOR"), na_pass=True)
        .col_vals_expr(pl.all_horizontal(pl.col(*COUNTS).fill_null(0) % 1 == 0))
        .rows_distinct(columns_subset=list(KEY))
        .interrogate(extract_limit=NO_CAP)
    )
    return {"read": table.height, "problems": sum(part.height for part in rules.get_data_extracts().values())}


def check_with_frictionless(file: Path, *constraints: str) -> dict[str, Any]:
    """Validate against a Table Schema: code lists, required columns, the period's pattern, whole counts, and the key.

    `constraints` are asked of each row; with `OF_ROWS` these are the ten rules of pointblank.
    """
    schema = Schema.from_descriptor({"fields": [_field(name) for name in _header(file)], "primaryKey": list(KEY)})
    dialect = Dialect.from_descriptor({"csv": {"delimiter": ";"}})
    resource = TableResource(path=file.name, basepath=str(file.parent), schema=schema, dialect=dialect)
    asked = Checklist(checks=[checks.row_constraint(formula=formula) for formula in constraints])
    found = resource.validate(asked, limit_errors=NO_CAP)
    return {"read": found.tasks[0].stats["rows"], "problems": found.stats["errors"]}


def _field(name: str) -> dict[str, Any]:
    if name in COUNTS:
        return {"name": name, "type": "integer", "constraints": {"minimum": 0}}
    if name in ("OBS_VALUE", "P25", "P75"):
        return {"name": name, "type": "number", "decimalChar": ","}
    constraints: dict[str, Any] = {"required": True} if name in REQUIRED else {}
    if name in CODE_LISTS:
        constraints["enum"] = codes(name)
    if name == "TIME_PERIOD":
        constraints["pattern"] = PERIOD
    return {"name": name, "type": "string", "constraints": constraints}


def _header(file: Path) -> list[str]:
    with file.open(newline="", encoding="utf-8") as stream:
        return next(csv.reader(stream, delimiter=";"))


if __name__ == "__main__":
    tool, path = sys.argv[1], Path(sys.argv[2])
    # Each process imports its own tool only, so that its memory is its own.
    if tool == "pointblank":
        import pointblank as pb
        import polars as pl

        report(lambda: check_with_pointblank(path))
    else:
        from frictionless import Checklist, Dialect, Schema, checks
        from frictionless.resources import TableResource

        report(lambda: check_with_frictionless(path, *(OF_ROWS if tool == "frictionless" else ())))
