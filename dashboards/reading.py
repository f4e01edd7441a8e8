"""Read everything that the pages show from a release, once and in bulk.

The figures are those of the marts. The only numbers made here, in SQL, are counts of countries and figures and the
spread of countries (lowest, middle, highest) that `summaries.sql` describes.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from dashboards.figures import Dimension, Release, Series
from dashboards.marts import (
    Comparison,
    Convergence,
    Correction,
    Country,
    Estimate,
    EuValue,
    Finding,
    Gap,
    GroupEstimate,
    Indicator,
    SeriesKey,
    Submission,
    Summary,
    Table,
    Theme,
    Trend,
)
from dashboards.words import decimals_for
from ingestion.sql_text import CALLS_NOBODY

QUERIES_FOLDER = Path(__file__).resolve().parent / "queries"
OPTIONAL_QUALITY_TABLES = ("holds", "waivers", "justifications")
UNKNOWN_GROUP = "UNK"  # people whose group is not known are in no comparison

Row = TypeVar("Row")


def read_release(folder: Path, region_shapes: str = "") -> Release:
    """Read a release folder: `release.json`, `gate.json` and, read-only, `warehouse.duckdb`.

    `region_shapes`: a file of `dashboards.maps.build_shapes --regions`, or nothing.
    """
    facts = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    parameters = {"round_id": facts["round_id"]}
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True, config=CALLS_NOBODY) as connection:
        connection.execute(_sql("_expected_period"), parameters)
        rounds = connection.execute(_sql("rounds"), parameters).fetchone()
        dimensions = _dimensions(connection)
        return Release(
            facts=facts,
            gate=json.loads((folder / "gate.json").read_text(encoding="utf-8")),
            round=dict(zip(("name", "opens_on", "closes_on"), rounds or ("", "", ""), strict=True)),
            countries={row.country_code: row for row in _read(connection, "countries", Country)},
            themes=_read(connection, "themes", Theme),
            series=_series(connection, dimensions),
            dimensions=dimensions,
            flags=dict(connection.execute(_sql("flags")).fetchall()),
            completeness={row[:2]: row[2] for row in connection.execute(_sql("completeness")).fetchall()},
            completeness_by_dimension={
                (country, dimension): (received, expected)
                for country, dimension, expected, received in connection.execute(
                    _sql("completeness_by_dimension")
                ).fetchall()
            },
            submissions=_read(connection, "submissions", Submission),
            findings=_read(connection, "findings", Finding),
            corrections=_read(connection, "corrections", Correction),
            quality_tables=_quality_tables(connection),
            releases=[row[0] for row in connection.execute(_sql("releases")).fetchall()],
            file_sizes=_file_sizes(folder),
            region_shapes=json.loads(Path(region_shapes).read_text(encoding="utf-8")) if region_shapes else None,
            rules=_rules(connection),
        )


def _rules(connection: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    result = connection.execute(_sql("rules"))
    names = [column[0] for column in result.description or ()]
    return [{name: text or "" for name, text in zip(names, row, strict=True)} for row in result.fetchall()]


def _quality_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, Table]:
    """Return the tables about exceptions that this release has; an earlier one may have none."""
    present = {row[0] for row in connection.execute(_sql("quality_tables")).fetchall()}
    found = {}
    for name in OPTIONAL_QUALITY_TABLES:
        if name in present:
            result = connection.execute(f"select columns(*)::varchar from quality.{name} order by all")
            found[name] = Table([column[0] for column in result.description or []], result.fetchall())
    return found


def _sql(name: str) -> str:
    return (QUERIES_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def _read(connection: duckdb.DuckDBPyConnection, name: str, kind: type[Row]) -> list[Row]:
    """Return the rows of a query as named tuples; a query and its tuple name the same columns in the same order."""
    result = connection.execute(_sql(name))
    columns = tuple(column[0] for column in result.description or [])
    expected = kind._fields  # type: ignore[attr-defined]
    if columns != expected:
        raise ValueError(f"queries/{name}.sql gives {columns}, but {kind.__name__} has {expected}")
    return [kind(*row) for row in result.fetchall()]


def _series(connection: duckdb.DuckDBPyConnection, dimensions: dict[str, Dimension]) -> dict[str, list[Series]]:
    indicators = {row.indicator_code: row for row in _read(connection, "indicators", Indicator)}
    periods = defaultdict(list)
    for indicator_code, period in connection.execute(_sql("periods")).fetchall():
        periods[indicator_code].append(period)
    summaries = {row[:2]: row for row in _read(connection, "summaries", Summary)}
    totals = _by_series(_read(connection, "totals", Estimate))
    groups = _by_series(_read(connection, "groups", GroupEstimate))
    comparisons = _by_series(_read(connection, "comparisons", Comparison))
    eu_values = _by_series(_read(connection, "eu_values", EuValue))
    trends = _by_series(_read(connection, "trends", Trend))
    convergence = _by_series(_read(connection, "convergence", Convergence))
    gaps = _by_series(_read(connection, "gaps", Gap))
    series: dict[str, list[Series]] = {}
    for indicator_code, site_code, site_label, is_listed in connection.execute(_sql("series")).fetchall():
        key = (indicator_code, site_code)
        earlier = series.setdefault(indicator_code, [])
        made = Series(
            indicator=indicators[indicator_code],
            site_code=site_code,
            site_label=site_label if is_listed or earlier else None,
            is_headline=not earlier,
            periods=periods[indicator_code],
            all_periods=sorted({*periods[indicator_code], *(row.period for row in totals[key])}),
            decimals=decimals_for(row.value for row in totals[key] if row.value is not None),
            summary=summaries.get(key) or _nothing(key),
            totals=_totals(totals[key]),
            groups=_groups([row for row in groups[key] if row.period == periods[indicator_code][-1]], dimensions),
            history=_history(groups[key], dimensions),
            gaps=_gaps(gaps[key]),
            comparisons={row.country_code: row for row in comparisons[key]},
            eu={row.period: row for row in eu_values[key]},
            trends={(row.dimension_code, row.country_code): row for row in trends[key]},
            convergence={row.measure: row for row in convergence[key]},
        )
        earlier.append(made)
    return series


def _nothing(key: SeriesKey) -> Summary:
    return Summary(*key, 0, 0, 0, None, None, None, None, None, None, None, False, False)


def _by_series(found: Iterable[Any]) -> dict[SeriesKey, list[Any]]:
    by_series: dict[SeriesKey, list[Any]] = defaultdict(list)
    for row in found:
        by_series[row[:2]].append(row)
    return by_series


def _totals(estimates: list[Estimate]) -> dict[str, dict[str, Estimate]]:
    by_country: dict[str, dict[str, Estimate]] = defaultdict(dict)
    for row in estimates:
        by_country[row.country_code][row.period] = row
    return dict(by_country)


def _groups(
    estimates: list[GroupEstimate], dimensions: dict[str, Dimension]
) -> dict[str, dict[str, list[GroupEstimate]]]:
    by_dimension: dict[str, dict[str, list[GroupEstimate]]] = defaultdict(lambda: defaultdict(list))
    for row in estimates:
        by_dimension[row.dimension_code][row.country_code].append(row)
    return {
        code: {
            country: compared for country, rows in by_dimension[code].items() if (compared := dimension.compared(rows))
        }
        for code, dimension in dimensions.items()
        if code in by_dimension
    }


def _history(
    estimates: list[GroupEstimate], dimensions: dict[str, Dimension]
) -> dict[str, dict[str, dict[tuple[str, str], GroupEstimate]]]:
    by_dimension: dict[str, dict[str, dict[tuple[str, str], GroupEstimate]]] = defaultdict(lambda: defaultdict(dict))
    for row in estimates:
        if dimensions[row.dimension_code].is_ordered:
            by_dimension[row.dimension_code][row.country_code][row.group_code, row.period] = row
    return {code: dict(by_country) for code, by_country in by_dimension.items()}


def _gaps(gaps: list[Gap]) -> dict[str, dict[str, dict[tuple[str, str], Gap]]]:
    by_dimension: dict[str, dict[str, dict[tuple[str, str], Gap]]] = defaultdict(lambda: defaultdict(dict))
    for row in gaps:
        by_dimension[row.dimension_code][row.country_code][row.period, row.measure] = row
    return {dimension: dict(by_country) for dimension, by_country in by_dimension.items()}


def _dimensions(connection: duckdb.DuckDBPyConnection) -> dict[str, Dimension]:
    dimensions = {}
    for code, name, code_list, total_code, is_ordered in connection.execute(_sql("dimensions")).fetchall():
        found = connection.execute(f'select * from catalogue."{code_list}" order by sort_order, code').fetchall()
        columns = [column[0] for column in connection.description or []]
        rows = [dict(zip(columns, row, strict=True)) for row in found]
        groups = [row for row in rows if row["code"] not in (total_code, UNKNOWN_GROUP)]
        dimensions[code] = Dimension(
            code=code,
            name=name,
            groups={row["code"]: row["label"] for row in groups},
            first_level=frozenset(row["code"] for row in groups if _is_first_level(row, total_code)),
            undivided=_undivided(groups),
            is_ordered=is_ordered,
        )
    return dimensions


def _undivided(groups: list[dict[str, Any]]) -> frozenset[str]:
    """Return the countries that have one group only, where groups belong to countries (regions do)."""
    counts = Counter(row["country_code"] for row in groups if "country_code" in row)
    return frozenset(country for country, count in counts.items() if count == 1)


def _is_first_level(group: dict[str, Any], total_code: str | None) -> bool:
    """Say whether a group is one of those that make up the total once. Age classes name their level."""
    if "age_level" in group:
        return bool(group["age_level"] == "reporting")
    return total_code is None or bool(group["parent_code"] == total_code)


def _file_sizes(folder: Path) -> dict[str, int]:
    """Return the files of the release that readers may download; the site itself is not one of them."""
    found = [*folder.glob("*"), *folder.glob("csv/*.csv"), *folder.glob("parquet/*.parquet"), *folder.glob("sdmx/*")]
    return {str(path.relative_to(folder)): path.stat().st_size for path in sorted(found) if path.is_file()}
