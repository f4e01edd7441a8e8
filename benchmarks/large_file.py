"""A large national file as a contact would send it: Germany, half a century, nearly all of it right.

`python -m benchmarks.large_file FILE ROWS` writes it, the same on every run, and beside it `FILE.faults.json`: every
fault that was planted on purpose, so that a benchmark can tell whether each one was found where it is. A third word
names a dimension by which nothing is broken down.
"""

import csv
import itertools
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.planted import Fault, Line, faults_file, plant
from ingestion.catalogue import rows

COUNTRY = "DE"
LAST_YEAR, FIRST_YEAR = 2025, 1976  # P26: no period more than 50 years before the round closes
PERIODS = {"A": ("{year}",), "S": ("{year}-S2", "{year}-S1")}  # by periodicity; survey waves are left out
PEOPLE = 200_000  # in each block: enough for every cross of two dimensions, few enough for some small groups
REFERENCE = "SYNTHETIC Krebsregister"
COMMENT = "vorläufig; Nachmeldungen möglich"
COMMENT_EVERY = 40
# Every second indicator is without fault, so that a part of the file is accepted; about 1 % of all rows are wrong.
FAULT_SHARES = (0.015, 0.0)
COLUMNS = [row["column_name"] for row in rows("submission_columns")]
FIRST_ROW = 2  # under the header


@dataclass(frozen=True)
class Block:
    """One indicator, site and period, whose breakdowns add up because all are sums of the same cells."""

    indicator: str
    site: str
    period: str
    fault_share: float
    upstream: dict[str, np.ndarray] = field(compare=False)
    without: str = ""

    def lines(self) -> Iterator[Line]:
        """Yield the total, then every breakdown by one dimension, then every one by two."""
        numerators, denominators = self._cells()
        for size in (0, 1, 2):
            names_here = (name for name in dimensions_of(self.indicator) if name != self.without)
            for names in itertools.combinations(names_here, size):
                others = tuple(axis for axis, name in enumerate(strata()) if name not in names)
                sums = numerators.sum(axis=others), denominators.sum(axis=others)
                yield from self._breakdown(names, *sums)

    def _breakdown(self, names: tuple[str, ...], numerators: np.ndarray, denominators: np.ndarray) -> Iterator[Line]:
        pairs = zip(numerators.ravel().tolist(), denominators.ravel().tolist(), strict=True)
        for codes, (numerator, denominator) in zip(itertools.product(*map(groups_of, names)), pairs, strict=True):
            groups = dict(zip(names, codes, strict=True))
            yield Line(groups, {**self._keys(), **groups, **_figures(numerator, denominator)})

    def _keys(self) -> dict[str, str]:
        return {
            "INDICATOR": self.indicator,
            "REF_AREA": COUNTRY,
            "TIME_PERIOD": self.period,
            "SITE": self.site,
            "REFERENCE": REFERENCE,
        }

    def _cells(self) -> tuple[np.ndarray, np.ndarray]:
        """Draw numerators and denominators of the finest cross table, with one axis for each dimension."""
        # The make-up of a population and the level of care stay from year to year; the people are others.
        lasting, chance = chance_of(self.indicator, self.site), chance_of(self.indicator, self.site, self.period)
        denominators = self.upstream.get(self.indicator)
        if denominators is None:
            weights = self._weights(lasting)
            denominators = chance.multinomial(PEOPLE, (weights / weights.sum()).ravel()).reshape(weights.shape)
        low, high = usual_range(self.indicator)
        numerators = chance.binomial(denominators, low + (high - low) * lasting.uniform(0.4, 0.6))
        # On a care pathway those of one step are those who may take the next (P30); its indicators have one site each.
        self.upstream.update(dict.fromkeys(next_steps(self.indicator), numerators))
        return numerators, denominators

    def _weights(self, chance: np.random.Generator) -> np.ndarray:
        weights = np.ones(())
        for name in strata():
            share = chance.uniform(0.5, 1.5, len(groups_of(name)))
            if name == "SEX" and (only := sex_of(self.site)):
                share *= [code == only for code in groups_of(name)]
            if name == "AGE":
                share *= [(self.site, code) not in unlikely_ages() for code in groups_of(name)]
            weights = np.multiply.outer(weights, share)
        return weights


def blocks(without: str = "") -> Iterator[Block]:
    """Yield every block that the catalogue allows, the latest year first, none broken down by `without`."""
    for year in range(LAST_YEAR, FIRST_YEAR - 1, -1):
        upstream: dict[str, np.ndarray] = {}
        for (indicator, periods), fault_share in zip(_indicators(), itertools.cycle(FAULT_SHARES), strict=False):
            for period, site in itertools.product(periods, sites_of(indicator)):
                yield Block(indicator, site, period.format(year=year), fault_share, upstream, without)


@cache
def _indicators() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return every proportion that is asked for by groups, with the periods of a year."""
    codes = {r["indicator_code"]: r["periodicity_code"] for r in rows("indicators") if r["measure_type_code"] == "PROP"}
    return tuple((code, PERIODS[often]) for code, often in codes.items() if often in PERIODS and dimensions_of(code))


@cache
def strata() -> tuple[str, ...]:
    """Return the dimensions that divide people, in the order of their list."""
    return tuple(row["dimension_code"] for row in rows("dimensions") if row["is_stratum"] == "true")


@cache
def dimensions_of(indicator: str) -> tuple[str, ...]:
    """Return the dimensions that an indicator is broken down by, in the order of `strata`."""
    foreseen = {r["dimension_code"] for r in rows("indicator_disaggregations") if r["indicator_code"] == indicator}
    return tuple(name for name in strata() if name in foreseen)


@cache
def sites_of(indicator: str) -> tuple[str, ...]:
    """Return the sites that an indicator is reported for."""
    return tuple(row["site_code"] for row in rows("indicator_sites") if row["indicator_code"] == indicator)


@cache
def next_steps(indicator: str) -> tuple[str, ...]:
    """Return the indicators that follow on the care pathway."""
    links = (row for row in rows("indicator_chains") if row["upstream_column"] == "NUMERATOR")
    return tuple(r["downstream_indicator_code"] for r in links if r["upstream_indicator_code"] == indicator)


@cache
def groups_of(dimension: str) -> tuple[str, ...]:
    """Return the groups that together make up the total; of ages, the classes for reporting."""
    row = next(row for row in rows("dimensions") if row["dimension_code"] == dimension)
    if dimension == "NUTS2":
        return tuple(region["code"] for region in rows(row["code_list"]) if region["country_code"] == COUNTRY)
    parts = (code for code in rows(row["code_list"]) if code["parent_code"] == row["total_code"])
    return tuple(p["code"] for p in parts if p["code"] != "UNK" and p.get("age_level", "reporting") == "reporting")


@cache
def sex_of(site: str) -> str:
    """Return the only sex that can have a site, empty if both can."""
    restriction = next(row["sex_restriction"] for row in rows("codes_site") if row["code"] == site)
    return "" if restriction == "T" else restriction


@cache
def usual_range(indicator: str) -> tuple[float, float]:
    """Return the usual range of an indicator as fractions (P16)."""
    row = next(row for row in rows("indicators") if row["indicator_code"] == indicator)
    return float(row["soft_min"]) / 100, float(row["soft_max"]) / 100


@cache
def unlikely_ages() -> set[tuple[str, str]]:
    """Return (site, age class) in which the cancer hardly occurs."""
    return {(row["site_code"], row["age_code"]) for row in rows("unlikely_ages")}


def chance_of(*names: str) -> np.random.Generator:
    """Return the random stream of one thing: equal names, equal numbers, whatever else is drawn."""
    return np.random.default_rng(list("/".join(names).encode()))


def _figures(numerator: int, denominator: int) -> dict[str, str]:
    """A group that cannot exist is empty and says so; the others carry their counts and a decimal comma."""
    if denominator == 0:
        return {"OBS_STATUS": "M"}
    value = f"{100 * numerator / denominator:.2f}".replace(".", ",")
    return {"NUMERATOR": str(numerator), "DENOMINATOR": str(denominator), "OBS_VALUE": value}


def write_large_file(path: Path, *, row_count: int, without: str = "") -> list[Fault]:
    """Write a file of exactly `row_count` rows and return its faults, about one in a hundred rows.

    Errors: `ValueError` if the catalogue's blocks hold fewer rows.
    """
    faults: list[Fault] = []
    row = FIRST_ROW
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="", delimiter=";")
        writer.writeheader()
        for block in blocks(without):
            left = row_count + FIRST_ROW - row
            cells, planted = _with_faults(block, first_row=row, left=left)
            faults += planted
            for each in cells[:left]:
                if row % COMMENT_EVERY == 0:
                    each["OBS_COMMENT"] = COMMENT
                writer.writerow(each)
                row += 1
            if len(cells) >= left:
                return faults
    raise ValueError(f"the catalogue allows {row - FIRST_ROW} rows, not {row_count}")


def _with_faults(block: Block, *, first_row: int, left: int) -> tuple[list[dict[str, str]], list[Fault]]:
    lines = list(block.lines())
    fault_count = int(len(lines) * block.fault_share)
    if len(lines) + fault_count > left:
        fault_count = 0  # The last block may be cut short, and half a breakdown shows no wrong sum.
    chance = chance_of("faults", block.indicator, block.site, block.period)
    return plant(lines, fault_count, first_row=first_row, chance=chance)


def main() -> None:
    """Write a file and the list of its faults."""
    path = Path(sys.argv[1])
    faults = write_large_file(path, row_count=int(sys.argv[2]), without="".join(sys.argv[3:]))
    faults_file(path).write_text(json.dumps([asdict(fault) for fault in faults]), encoding="utf-8")


if __name__ == "__main__":
    main()
