"""An invented release in the shape of a published one: for tests of what reads releases.

Every number is made up from a seed; nothing is computed as the warehouse computes it. `PLANTED` says which special
cases stand where, so that a test can look for them.
"""

import hashlib
import json
import math
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow

from ingestion.catalogue import load_into, roster_countries, rows
from ingestion.release.contents import checksums
from ingestion.warehouse.landing import STORAGE_VERSION

RELEASE = {
    "release_id": "2026.2",
    "release_sequence": 2,
    "round_id": "2026",
    "published_at": "2026-11-23T20:31:00+00:00",
    "build_id": "b0b0b0b0b0b0b0b0",
    "content_hash": "c" * 64,
    "is_synthetic_share": 0.9876,
    "country_count": 4,
    "observation_count": 1000,
    "code_version": "0.1.0",
    "catalogue_hash": "d" * 64,
    "previous_release_id": "2026.1",
    "licence": "CC-BY-4.0",
    "contact": "figures@observatory.example",
    "site_url": "https://observatory.example",
}
GATE = {
    "build_id": "b0b0b0b0b0b0b0b0",
    "verdict": "publish",
    "suites": [
        {
            "suite": "estimates",
            "results": [
                {
                    "expectation": "estimates:interval_around_value",
                    "severity": "critical",
                    "owner": "steward",
                    "sentence": "Every interval contains its value.",
                    "success": True,
                    "observed": "0 of 1000 rows",
                },
                {
                    "expectation": "estimates:soft_bounds",
                    "severity": "warning",
                    "owner": "steward",
                    "sentence": "Few values lie outside their <soft> bounds.",
                    "success": False,
                    "observed": "3 of 1000 rows",
                },
            ],
        }
    ],
}
SMALL_COUNTRIES = ("EL", "FR", "LU", "MT", "SI")
SMALL_INDICATORS = ("CPS_01", "CPS_02", "CTX_01", "HTA_02", "LBX_05", "MTB_01", "MTB_07", "RIP_05")
# (country, indicator) -> what is special about its figures in every period and site
PLANTED = {
    ("MT", "CPS_01"): "suppressed",
    ("SI", "CPS_01"): "low_reliability",
    ("FR", "CPS_01"): "not_reported",
    ("EL", "HTA_02"): "not_applicable",
    ("SI", "MTB_01"): "provisional",
    ("LU", "CPS_02"): "suppressed_group",
}
CORRECTED = ("LU", "MTB_01")  # two vintages
HIDDEN_NUMBER = 7.0  # what a suppressed row would hold if the marts had forgotten to empty it

DDL = {
    "dim_country": "country_code varchar, country_name varchar, native_name varchar, iso2_code varchar, "
    "iso3_code varchar, is_eu boolean, is_in_roster boolean, roster_status varchar",
    "dim_theme": "theme_code varchar, theme_name varchar, theme_kind varchar, theme_description varchar, "
    "source_url varchar",
    "dim_region": "region_code varchar, region_name varchar, country_code varchar",
    "dim_stratum": "stratum_id varchar, dimension_code varchar, group_code varchar, group_name varchar, sex varchar, "
    "age varchar, nuts2 varchar, degurba varchar, isced11 varchar, quantile varchar, c_birth varchar",
    "dim_submission": "submission_id varchar, country_code varchar, sequence_number integer, received_at timestamp, "
    "verdict varchar, rows_read integer, rows_accepted integer, rows_held integer, rows_refused integer, "
    "sha256 varchar, is_in_force boolean, is_held boolean",
    "dim_release": "release_id varchar, release_sequence integer, round_id varchar, is_this_release boolean",
    "fct_estimates": "country_code varchar, indicator_code varchar, period varchar, site_code varchar, "
    "stratum_id varchar, dimension_code varchar, group_code varchar, value double, se double, lower_ci double, "
    "upper_ci double, numerator double, denominator double, p25 double, p75 double, estimate_basis varchar, "
    "method varchar, reliability varchar, has_small_denominator boolean, is_sparse boolean, unknown_pct double, "
    "has_many_unknown boolean, has_too_many_unknown boolean, is_provisional boolean, is_break_in_series boolean, "
    "publication_status varchar, null_reason varchar, obs_status varchar, is_synthetic boolean, "
    "reference varchar, submission_id varchar",
    "fct_inequalities": "country_code varchar, indicator_code varchar, period varchar, site_code varchar, "
    "dimension_code varchar, measure varchar, estimate double, se double, lower_ci double, upper_ci double, "
    "null_reason varchar, reference_group varchar, compared_group varchar, groups_used integer, is_synthetic boolean",
    "fct_completeness": "country_code varchar, indicator_code varchar, period varchar, dimension_code varchar, "
    "expected_count integer, reported_count integer, completeness_status varchar, is_held boolean",
    "obs_vintages": "country_code varchar, indicator_code varchar, period varchar, site_code varchar, "
    "stratum_id varchar, vintage_number integer, submission_id varchar, numerator double, denominator double, "
    "obs_value double, is_suppressed boolean, first_release_id varchar, last_release_id varchar, is_current boolean",
    "fct_eu_values": "indicator_code varchar, period varchar, site_code varchar, eu_basis varchar, value double, "
    "se double, lower_ci double, upper_ci double, country_median double, country_p25 double, country_p75 double, "
    "country_minimum double, country_maximum double, country_count integer, population_share double, "
    "null_reason varchar, is_synthetic boolean",
    "fct_country_comparisons": "country_code varchar, indicator_code varchar, period varchar, site_code varchar, "
    "value double, null_reason varchar, country_count integer, rank integer, rank_lower integer, rank_upper integer, "
    "best_country_code varchar, gap_to_best double, gap_to_best_se double, gap_to_best_lower_ci double, "
    "gap_to_best_upper_ci double, gap_to_eu double, gap_to_eu_se double, gap_to_eu_lower_ci double, "
    "gap_to_eu_upper_ci double, eu_position varchar, target_value double, target_year integer, gap_to_target double, "
    "gap_to_target_se double, gap_to_target_lower_ci double, gap_to_target_upper_ci double, target_position varchar, "
    "funnel_lower_95 double, funnel_upper_95 double, funnel_lower_998 double, funnel_upper_998 double, "
    "funnel_position varchar, is_synthetic boolean",
    "fct_convergence": "indicator_code varchar, site_code varchar, measure varchar, first_period varchar, "
    "last_period varchar, estimate double, se double, lower_ci double, upper_ci double, country_count integer, "
    "panel varchar, null_reason varchar, is_bounded boolean, is_synthetic boolean",
    "fct_trends": "country_code varchar, indicator_code varchar, site_code varchar, dimension_code varchar, "
    "measure varchar, period varchar, baseline varchar, baseline_period varchar, change double, se double, "
    "lower_ci double, upper_ci double, is_significant boolean, direction varchar, null_reason varchar, "
    "is_synthetic boolean",
}
FINDINGS_DDL = (
    "submission_id varchar, country_code varchar, rule varchar, severity varchar, title varchar, finding_count integer"
)
# The rows that the estimates come from: as much of them as says where a figure comes from.
OBSERVATIONS = """
    create table marts.fct_observations as
    select
        country_code, indicator_code, period, site_code, stratum_id, dimension_code,
        1 + row_number() over (partition by submission_id order by indicator_code, site_code, period, stratum_id)
            as source_row,
        publication_status = 'suppressed' as is_suppressed, null::varchar as obs_comment, reference, submission_id
    from marts.fct_estimates
    where submission_id is not null
"""
EXPORTED = ("fct_estimates", "fct_inequalities", "fct_completeness", "obs_vintages")


def write_release(
    folder: Path, *, countries: Sequence[str] = SMALL_COUNTRIES, indicators: Sequence[str] = SMALL_INDICATORS
) -> Path:
    """Write an invented release of these countries and indicators to `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    invented = _Invented(countries, indicators)
    (folder / "release.json").write_text(json.dumps(RELEASE | {"country_count": len(countries)}), encoding="utf-8")
    (folder / "gate.json").write_text(json.dumps(GATE), encoding="utf-8")
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    config = {"storage_compatibility_version": STORAGE_VERSION}
    with duckdb.connect(str(folder / "warehouse.duckdb"), config=config) as connection:
        load_into(connection)
        connection.execute("create schema marts")
        connection.execute("create schema quality")
        for table, columns in DDL.items():
            connection.execute(f"create table marts.{table} ({columns})")
        _insert(connection, "marts.dim_country", invented.countries())
        connection.execute("insert into marts.dim_theme select * from catalogue.themes")
        connection.execute("insert into marts.dim_region select code, label, country_code from catalogue.codes_nuts2")
        connection.execute(_dim_indicator(indicators))
        _insert(connection, "marts.dim_stratum", invented.strata())
        _insert(connection, "marts.dim_submission", invented.submissions())
        _insert(connection, "marts.dim_release", _releases())
        _insert(connection, "marts.fct_estimates", invented.estimates())
        connection.execute(OBSERVATIONS)
        _insert(connection, "marts.fct_inequalities", invented.inequalities())
        _insert(connection, "marts.fct_completeness", invented.completeness())
        _insert(connection, "marts.obs_vintages", invented.vintages())
        _insert(connection, "marts.fct_eu_values", invented.eu_values())
        _insert(connection, "marts.fct_country_comparisons", invented.comparisons())
        _insert(connection, "marts.fct_convergence", invented.convergence())
        _insert(connection, "marts.fct_trends", invented.trends())
        connection.execute(f"create table quality.findings ({FINDINGS_DDL})")
        _insert(connection, "quality.findings", invented.findings())
        for kind in ("csv", "parquet"):
            (folder / kind).mkdir(exist_ok=True)
            for table in EXPORTED:
                connection.execute(f"copy marts.{table} to '{folder / kind / table}.{kind}' (format {kind})")
    (folder / "SHA256SUMS").write_text(checksums(folder), encoding="utf-8")
    return folder


def _insert(connection: duckdb.DuckDBPyConnection, table: str, records: Iterator[dict[str, Any]]) -> None:
    columns = [name for name, *_ in connection.execute(f"describe {table}").fetchall()]
    frame = pyarrow.Table.from_pylist([{name: record.get(name) for name in columns} for record in records])
    connection.register("frame", frame)
    connection.execute(f"insert into {table} select {', '.join(columns)} from frame")
    connection.unregister("frame")


def _dim_indicator(indicators: Sequence[str]) -> str:
    listed = ", ".join(f"'{code}'" for code in indicators)
    return f"""
        create table marts.dim_indicator as
        select indicators.*, themes.theme_name, themes.theme_kind, targets.target_value, targets.target_year,
               benchmarks.benchmark, benchmarks.benchmark_note
        from catalogue.indicators as indicators
        join catalogue.themes as themes using (theme_code)
        left join catalogue.targets as targets using (indicator_code)
        left join catalogue.benchmarks as benchmarks using (indicator_code)
        where indicator_code in ({listed})
    """


def _releases() -> Iterator[dict[str, Any]]:
    for sequence, release_id in ((1, "2026.1"), (2, "2026.2")):
        yield {
            "release_id": release_id,
            "release_sequence": sequence,
            "round_id": "2026",
            "is_this_release": sequence == 2,
        }


class _Invented:
    """The invented rows, table by table; groups of a stratum come from the catalogue's code lists."""

    def __init__(self, countries: Sequence[str], indicators: Sequence[str]) -> None:
        self._countries = sorted(countries)
        self._indicators = [row for row in rows("indicators") if row["indicator_code"] in indicators]
        self._made = list(self._make_estimates())

    def countries(self) -> Iterator[dict[str, Any]]:
        from datetime import date

        roster = set(roster_countries(date(2026, 9, 1))) & set(self._countries)
        for row in rows("countries"):
            is_in_roster = row["country_code"] in roster
            status = "reference" if is_in_roster else None
            yield {**row, "is_eu": row["is_eu"] == "true", "is_in_roster": is_in_roster, "roster_status": status}

    def strata(self) -> Iterator[dict[str, Any]]:
        yield {"stratum_id": "TOTAL", "dimension_code": "TOTAL", "group_code": "TOTAL", "group_name": "Total"}
        for dimension in rows("dimensions"):
            if dimension["is_stratum"] == "true":
                for group in rows(dimension["code_list"]):
                    yield {
                        "stratum_id": f"{dimension['dimension_code']}:{group['code']}",
                        "dimension_code": dimension["dimension_code"],
                        "group_code": group["code"],
                        "group_name": group["label"],
                    }

    def submissions(self) -> Iterator[dict[str, Any]]:
        for country in self._countries:
            numbers = (1, 2) if country == CORRECTED[0] else (1,)
            for number in numbers:
                yield {
                    "submission_id": _submission(country, number),
                    "country_code": country,
                    "sequence_number": len(self._countries) * number + self._countries.index(country),
                    "received_at": f"2026-11-2{number} 09:00:00",
                    "verdict": "accepted",
                    "rows_read": 100,
                    "rows_accepted": 100,
                    "rows_held": 0,
                    "rows_refused": 0,
                    "sha256": hashlib.sha256(country.encode()).hexdigest(),
                    "is_in_force": True,
                    "is_held": False,
                }

    def findings(self) -> Iterator[dict[str, Any]]:
        country = self._countries[0]
        yield {
            "submission_id": _submission(country, 1),
            "country_code": country,
            "rule": "P27",
            "severity": "warning",
            "title": "Outside the expected range",
            "finding_count": 3,
        }

    def estimates(self) -> Iterator[dict[str, Any]]:
        yield from self._made

    def inequalities(self) -> Iterator[dict[str, Any]]:
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in self._made:
            if row["dimension_code"] != "TOTAL":
                key = ("country_code", "indicator_code", "period", "site_code", "dimension_code")
                groups.setdefault(tuple(row[name] for name in key), []).append(row)
        for (country, indicator, period, site, dimension), members in groups.items():
            for measure in ("d", "r"):
                yield {
                    "country_code": country,
                    "indicator_code": indicator,
                    "period": period,
                    "site_code": site,
                    "dimension_code": dimension,
                    "measure": measure,
                    **_gap(measure, dimension, members),
                    "is_synthetic": members[0]["is_synthetic"],
                }

    def eu_values(self) -> Iterator[dict[str, Any]]:
        for (indicator, site, period), value in self._eu().items():
            yield {
                "indicator_code": indicator,
                "site_code": site,
                "period": period,
                "eu_basis": "pooled",
                "value": value,
                "lower_ci": value - 1,
                "upper_ci": value + 1,
                "country_count": 4,
                "population_share": 0.625,
                "is_synthetic": True,
            }

    def comparisons(self) -> Iterator[dict[str, Any]]:
        directions = {row["indicator_code"]: row["direction"] for row in self._indicators}
        for row in self._totals():
            key = {name: row[name] for name in ("country_code", "indicator_code", "period", "site_code")}
            eu = self._eu().get((row["indicator_code"], row["site_code"], row["period"]))
            found = {
                "eu_position": "not_assessed",
                "target_position": "not_assessed",
                "funnel_position": "not_assessed",
            }
            if row["publication_status"] == "published" and eu is not None and row.get("lower_ci") is not None:
                found |= _compared(row, eu, directions[row["indicator_code"]])
            yield {**key, **found, "is_synthetic": row["is_synthetic"]}

    def convergence(self) -> Iterator[dict[str, Any]]:
        for indicator in self._indicators:
            for site in _sites(indicator["indicator_code"]):
                periods = _periods(indicator["periodicity_code"])
                yield {
                    "indicator_code": indicator["indicator_code"],
                    "site_code": site,
                    "measure": "sigma_sd_slope",
                    "first_period": periods[0],
                    "last_period": periods[-1],
                    "estimate": -0.25,
                    "country_count": 3,
                }

    def trends(self) -> Iterator[dict[str, Any]]:
        yield from _changes(self._totals(), dimension="TOTAL", measure="value", value="value")
        gaps = [gap for gap in self.inequalities() if gap["measure"] == "d"]
        for dimension in sorted({gap["dimension_code"] for gap in gaps}):
            mine = [gap for gap in gaps if gap["dimension_code"] == dimension]
            yield from _changes(mine, dimension=dimension, measure="d", value="estimate")

    def _totals(self) -> list[dict[str, Any]]:
        return [row for row in self._made if row["dimension_code"] == "TOTAL"]

    def _eu(self) -> dict[tuple[str, str, str], float]:
        """Return the mean of the published figures that have counts, as if it were a value of the EU."""
        values: dict[tuple[str, str, str], list[float]] = {}
        for row in self._totals():
            if row["publication_status"] == "published" and row.get("numerator") is not None:
                values.setdefault((row["indicator_code"], row["site_code"], row["period"]), []).append(row["value"])
        return {key: sum(held) / len(held) for key, held in values.items() if len(held) >= 3}

    def completeness(self) -> Iterator[dict[str, Any]]:
        statuses = {"published": "complete", "low_reliability": "complete"}
        for row in self._made:
            if row["dimension_code"] == "TOTAL":
                status = statuses.get(row["publication_status"], row["publication_status"])
                key = {name: row[name] for name in ("country_code", "indicator_code", "period", "dimension_code")}
                applicable = int(status != "not_applicable")
                reported = int(status in ("complete", "suppressed"))
                counts = {"expected_count": applicable, "reported_count": reported}
                if row["site_code"] == _sites(row["indicator_code"])[0]:
                    yield {**key, **counts, "completeness_status": status, "is_held": False}
                    for dimension in _required(row["indicator_code"]):
                        partly = {"complete": "partial"}.get(status, status)
                        yield {
                            **key,
                            "dimension_code": dimension,
                            "expected_count": 3 * applicable,
                            "reported_count": 2 * reported,
                            "completeness_status": partly,
                            "is_held": False,
                        }

    def vintages(self) -> Iterator[dict[str, Any]]:
        for row in self._made:
            if (row["country_code"], row["indicator_code"]) == CORRECTED:
                for number in (1, 2):
                    yield {
                        **row,
                        "vintage_number": number,
                        "submission_id": _submission(row["country_code"], number),
                        "numerator": None if row["numerator"] is None else row["numerator"] - (2 - number),
                        "obs_value": None,
                        "is_suppressed": row["publication_status"] == "suppressed",
                        "first_release_id": f"2026.{number}",
                        "last_release_id": f"2026.{number}",
                        "is_current": number == 2,
                    }

    def _make_estimates(self) -> Iterator[dict[str, Any]]:
        for country in self._countries:
            for indicator in self._indicators:
                code = indicator["indicator_code"]
                for site in _sites(code):
                    for step, period in enumerate(_periods(indicator["periodicity_code"])):
                        # Seeded by its own key, so that a figure is the same in a small and in a large release.
                        chance = random.Random(f"{country} {code} {site}")
                        yield from self._block(country, indicator, site, period, step=step, chance=chance)

    def _block(
        self, country: str, indicator: dict[str, str], site: str, period: str, *, step: int, chance: random.Random
    ) -> Iterator[dict[str, Any]]:
        code = indicator["indicator_code"]
        planted = PLANTED.get((country, code), "published")
        if planted == "published" and chance.random() < 0.06 and (country, code) != CORRECTED:
            planted = "not_reported"
        level, size = chance.uniform(0.25, 0.7) + 0.03 * step, chance.choice((60, 300, 900, 4000))
        submission = _submission(country, 2 if (country, code) == CORRECTED else 1)
        key = {"country_code": country, "indicator_code": code, "period": period, "site_code": site}
        rest = {"is_synthetic": not code.startswith("CTX"), "submission_id": submission}
        yield {**key, **_total(), **rest, **_figures(indicator, level, size, planted)}
        if planted in ("not_reported", "not_applicable"):
            return
        for dimension in _dimensions(code):
            groups = _groups(dimension, country)
            for position, group in enumerate(groups):
                slope = (position - len(groups) / 2) * chance.uniform(0.01, 0.06)
                hidden = planted == "suppressed_group" and position == 0
                status = "suppressed" if hidden or planted == "suppressed" else "published"
                stratum = {"stratum_id": f"{dimension}:{group}", "dimension_code": dimension, "group_code": group}
                share = max(20, size // len(groups))
                yield {
                    **key,
                    **stratum,
                    **rest,
                    **_figures(indicator, min(0.95, max(0.02, level + slope)), share, status),
                }


def _compared(row: dict[str, Any], eu: float, direction: str) -> dict[str, Any]:
    gap, half = row["value"] - eu, (row["upper_ci"] - row["lower_ci"]) / 2
    word = "similar" if abs(gap) <= half else "better" if (gap > 0) == (direction == "higher_better") else "worse"
    return {
        "value": row["value"],
        "country_count": 4,
        "rank": 1,
        "rank_lower": 1,
        "rank_upper": 4,
        "gap_to_eu": gap,
        "gap_to_eu_lower_ci": gap - half,
        "gap_to_eu_upper_ci": gap + half,
        "eu_position": "not_assessed" if direction == "neutral" else word,
        "funnel_lower_95": eu - half,
        "funnel_upper_95": eu + half,
        "funnel_lower_998": eu - 1.6 * half,
        "funnel_upper_998": eu + 1.6 * half,
        "funnel_position": "within" if abs(gap) <= half else "above_95" if gap > 0 else "below_95",
    }


def _changes(
    rows_of_all: Sequence[dict[str, Any]], *, dimension: str, measure: str, value: str
) -> Iterator[dict[str, Any]]:
    """Yield the change from the first to the last period of each series that has a figure in both."""
    series: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows_of_all:
        series.setdefault((row["country_code"], row["indicator_code"], row["site_code"]), []).append(row)
    for (country, indicator, site), held in series.items():
        first, last = held[0], held[-1]
        shown = all(row.get("null_reason") is None and row.get("publication_status") != "suppressed" for row in held)
        has_both = shown and first.get(value) is not None and last.get(value) is not None
        yield {
            "country_code": country,
            "indicator_code": indicator,
            "site_code": site,
            "dimension_code": dimension,
            "measure": measure,
            "period": last["period"],
            "baseline": "first",
            "baseline_period": first["period"] if has_both else None,
            "change": last[value] - first[value] if has_both else None,
            "lower_ci": last[value] - first[value] - 1 if has_both else None,
            "upper_ci": last[value] - first[value] + 1 if has_both else None,
            "direction": "no_clear_change" if has_both else "not_assessed",
        }


def _total() -> dict[str, str]:
    return {"stratum_id": "TOTAL", "dimension_code": "TOTAL", "group_code": "TOTAL"}


def _submission(country: str, number: int) -> str:
    return f"{country}-{hashlib.sha256(f'{country} {number}'.encode()).hexdigest()[:16]}"


def _sites(indicator_code: str) -> list[str]:
    listed = [row["site_code"] for row in rows("indicator_sites") if row["indicator_code"] == indicator_code]
    return listed or ["C00-C97_X_C44"]


def _periods(periodicity_code: str) -> list[str]:
    return [row["period"] for row in rows("round_periods") if row["periodicity_code"] == periodicity_code]


def _dimensions(indicator_code: str) -> list[str]:
    listed = [
        row["dimension_code"] for row in rows("indicator_disaggregations") if row["indicator_code"] == indicator_code
    ]
    return [code for code in listed if code != "SITE"]


def _required(indicator_code: str) -> list[str]:
    return [
        row["dimension_code"]
        for row in rows("indicator_disaggregations")
        if row["indicator_code"] == indicator_code and row["requirement"] == "required"
    ]


def _groups(dimension: str, country: str) -> list[str]:
    [code_list] = [row["code_list"] for row in rows("dimensions") if row["dimension_code"] == dimension]
    total = {"T", "TOTAL", "UNK", ""}
    return [
        row["code"]
        for row in rows(code_list)
        if row["code"] not in total
        and row.get("age_level", "reporting") == "reporting"
        and row.get("country_code", country) == country
    ]


def _figures(indicator: dict[str, str], level: float, size: int, planted: str) -> dict[str, Any]:
    """Return the figure columns of one estimate; a suppressed one holds a number that no page may show."""
    statuses = {"suppressed", "low_reliability", "not_reported", "not_applicable"}
    status = planted if planted in statuses else "published"
    if status == "suppressed":
        hidden = dict.fromkeys(("value", "lower_ci", "upper_ci", "numerator", "denominator"), HIDDEN_NUMBER)
        return {**hidden, "publication_status": status, "obs_status": "Q", "method": "none"}
    if status in ("not_reported", "not_applicable"):
        return {"publication_status": status, "null_reason": status, "method": "none", "submission_id": None}
    shown = {
        "publication_status": status,
        "obs_status": "P" if planted == "provisional" else "A",
        "reference": f"SYNTHETIC {indicator['indicator_code']}",
        "reliability": "low" if status == "low_reliability" else "reliable",
    }
    return {**shown, **_values(indicator, level, size)}


def _values(indicator: dict[str, str], level: float, size: int) -> dict[str, Any]:
    kind = indicator["measure_type_code"]
    if indicator["allows_published_value"] == "true":
        value = round(8 * level, 1)
        return {
            "value": value,
            "estimate_basis": "published_value",
            "method": "none",
            "reference": "Eurostat, invented",
        }
    if kind == "PROP":
        share = round(level * size) / size
        width = 1.96 * math.sqrt(share * (1 - share) / size)
        interval = {"lower_ci": 100 * max(0.0, share - width), "upper_ci": 100 * min(1.0, share + width)}
        counts = {"numerator": float(round(level * size)), "denominator": float(size)}
        return {"value": 100 * share, **interval, **counts, "estimate_basis": "counts", "method": "wilson"}
    if kind == "RATE100K":
        value = 6 * level
        return {"value": value, "lower_ci": 0.8 * value, "upper_ci": 1.2 * value, "estimate_basis": "counts"}
    value = {"BIN": float(level > 0.45), "COUNT": float(round(60 * level)), "SCORE": float(round(10 * level))}.get(
        kind, float(round(90 * level))
    )
    return {"value": value, "estimate_basis": "reported_value", "method": "none"}


def _gap(measure: str, dimension: str, members: list[dict[str, Any]]) -> dict[str, Any]:
    first, last = members[0], members[-1]
    if len(members) == 1 and dimension == "NUTS2":
        return {"null_reason": "single_region"}
    if any(member["publication_status"] == "suppressed" for member in members):
        return {"null_reason": "suppressed_group"}
    pair = {"reference_group": last["group_code"], "compared_group": first["group_code"], "groups_used": len(members)}
    if measure == "r":
        ratio = last["value"] / first["value"] if first["value"] else None
        limits = {"lower_ci": 0.8 * ratio, "upper_ci": 1.25 * ratio} if ratio else {}
        return {**pair, **limits, "estimate": ratio, "null_reason": None if ratio else "zero_denominator"}
    difference = last["value"] - first["value"]
    return {**pair, "estimate": difference, "lower_ci": difference - 4, "upper_ci": difference + 4}
