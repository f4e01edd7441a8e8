"""Estimates of an analyst's own figures: a tidy CSV in, a tidy CSV out, by the SQL that makes the releases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.catalogue import load_into
from ingestion.errors import UsageError
from ingestion.measures.kinds import KINDS, Kind, part_above_whole
from ingestion.measures.models import call_macro
from ingestion.measures.quantiles import add_quantile_functions
from ingestion.measures.tidy import ROW, Demand, identifier, read_tidy, refuse

if TYPE_CHECKING:
    import duckdb

PERCENT, PER_100_000 = 100, 100_000


@dataclass(frozen=True)
class Choices:
    """What the user may choose; `scale` and `is_rate` are None where the kind or the file decides."""

    confidence: float = 0.95
    scale: float | None = None
    quantiles: int = 5
    is_inverted: bool = False
    is_transformed: bool = False
    is_rate: bool | None = None


OPTIONS = {
    "confidence": "--confidence",
    "scale": "--scale",
    "quantiles": "--quantiles",
    "is_inverted": "--invert",
    "is_transformed": "--transform",
    "is_rate": "--of",
}


def estimate(
    connection: "duckdb.DuckDBPyConnection",
    path: Path,
    kind_name: str,
    choices: Choices,
    *,
    report: Callable[[str], None] = lambda sentence: None,
) -> None:
    """Create the table `estimates` from the tidy CSV at `path`: one row per key, or per row of the file.

    Errors: `UsageError` naming the rows and columns that cannot be used, or a choice that the kind has not.
    """
    kind = KINDS[kind_name]
    _refuse_choices(kind_name, choices)
    load_into(connection)
    connection.execute("create view poisson_limits as from catalogue.poisson_limits")
    add_quantile_functions(connection)
    keys = read_tidy(connection, path, kind.columns, table="figures", reserved=kind.results, report=report)
    choices = _decided(connection, kind_name, choices)
    _create_cases(connection, kind, keys)
    refuse(connection, "cases", path, [*kind.demands, *_demands_of(kind_name, choices)])
    _refuse_contradictions(connection, path, kind, keys)
    report("Computing ...")
    connection.execute(f"create table estimates as {_statement(kind, keys, choices)}")


def _refuse_choices(kind_name: str, choices: Choices) -> None:
    for field in fields(Choices):
        is_chosen = getattr(choices, field.name) != field.default
        if is_chosen and field.name not in KINDS[kind_name].choices:
            raise UsageError(f"{OPTIONS[field.name]} means nothing to the kind {kind_name}. Leave it out.")


def _decided(connection: "duckdb.DuckDBPyConnection", kind_name: str, choices: Choices) -> Choices:
    """Return the choices with what the kind or the file decides: a funnel with a column `rate` is one of rates."""
    if kind_name == "funnel" and choices.is_rate is None:
        has_rates = connection.execute("select count(rate) > 0 from figures").fetchone() == (True,)
        choices = replace(choices, is_rate=has_rates)
    is_percent = kind_name == "proportion" or (kind_name == "funnel" and not choices.is_rate)
    return replace(choices, scale=choices.scale or (PERCENT if is_percent else PER_100_000))


def _create_cases(connection: "duckdb.DuckDBPyConnection", kind: Kind, keys: Sequence[str]) -> None:
    """Create the table that the macros read: keys under names that no formula uses, counts of funnels as x and n."""
    columns = [f"{identifier(key)} as {name}" for key, name in zip(keys, _key_names(keys), strict=True)]
    columns += [ROW, *(column.name for column in kind.columns if column.name != "eventfreq")]
    if kind.has("eventfreq"):
        columns.append("coalesce(eventfreq, 1) as eventfreq")
    if kind.has("numerator"):
        columns.append("numerator as x, denominator as n")
    connection.execute(f"create temp table cases as select {', '.join(columns)} from figures order by {ROW}")


def _key_names(keys: Sequence[str]) -> list[str]:
    return [f"key_{number}" for number, _ in enumerate(keys, start=1)]


def _demands_of(kind_name: str, choices: Choices) -> list[Demand]:
    """Return what no row may be under these choices."""
    if kind_name == "funnel" and not choices.is_rate:
        return [part_above_whole("numerator", "denominator")]
    if choices.is_transformed:
        return [Demand("value_type = 0", "value_type", "0 has no scale to transform to")]
    return []


def _refuse_contradictions(
    connection: "duckdb.DuckDBPyConnection", path: Path, kind: Kind, keys: Sequence[str]
) -> None:
    """Refuse rows that stand twice, and values that differ where there can be one only."""
    names = _key_names(keys)
    if kind.once:
        counted = f"row_number() over (partition by {', '.join([*names, *kind.once])} order by {ROW})"
        doubled = Demand("occurrence > 1", kind.once[0], "{found} stands in the file twice for the same case")
        refuse(connection, f"(select *, {counted} as occurrence from cases)", path, [doubled])
    for column, within in kind.same:
        window = f"(partition by {', '.join([*names, *within])})" if names or within else "()"
        differing = Demand(
            f"{column} > least",
            column,
            f"{{found}} differs from another row of the same {'ageband' if within else 'case'}",
        )
        refuse(connection, f"(select *, min({column}) over {window} as least from cases)", path, [differing])


def _statement(kind: Kind, keys: Sequence[str], choices: Choices) -> str:
    """Return the query of the result: keys by their own names, the area, the figures; in the order of the file."""
    names = _key_names(keys)
    arguments: dict[str, Any] = {name: getattr(choices, name) for name in kind.choices}
    items = [ROW, "area"] if kind.has("area") else [ROW] if kind.is_by_row else []
    if kind.has("area"):
        arguments |= {"keys": names, "items": items}
    else:
        arguments |= {"keys": [*names, *items]}
    shown = [f"{name} as {identifier(key)}" for name, key in zip(names, keys, strict=True)]
    shown += [*items[1:], *kind.results]
    order = [ROW] if kind.is_by_row else names
    figures = call_macro(kind.macro, table="cases", **arguments)
    return f"select {', '.join(shown)} from ({figures}) {'order by ' + ', '.join(order) if order else ''}"
