"""Complementary suppression of all countries: each is one problem, and one that did not change costs nothing."""

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from ingestion.catalogue import rows
from ingestion.disclosure.additive import TOTAL
from ingestion.disclosure.observations import Codes, Figure, Key, hidden_figures
from ingestion.store.atomic import read_json, write_json

# A worker takes seconds to start; fewer countries are done sooner here.
COUNTRIES_FOR_WORKERS = 4


def complementary(figures: pd.DataFrame, cache_folder: Path | None) -> pd.DataFrame:
    """Return (submission_id, source_row) of what is hidden although it is not primary.

    `figures`: one row per (submission, accepted row) of the versions of each block, in the order of their releases.
    What was found for a country is kept in `cache_folder` under the hash of its figures and of this code.
    """
    by_country = {str(code): group for code, group in figures.groupby("country_code")}
    found: list[Key] = []
    missing = {}
    for code, group in by_country.items():
        kept = _kept(cache_folder, code, content_hash(group))
        if kept is None:
            missing[code] = group
        else:
            found += kept
    for code, keys in zip(missing, _chosen(list(missing.values())), strict=True):
        found += keys
        _keep(cache_folder, code, content_hash(missing[code]), keys)
    return pd.DataFrame(
        {
            "submission_id": pd.array([key[0] for key in found], dtype="str"),
            "source_row": pd.array([key[1] for key in found], dtype="int32"),
        }
    )


def content_hash(figures: pd.DataFrame) -> str:
    """Return the hash of a country's figures and of the code that chooses among them."""
    digest = hashlib.sha256(_code_hash().encode())
    digest.update(pd.util.hash_pandas_object(figures, index=False).to_numpy().tobytes())
    return digest.hexdigest()


def complementary_of(figures: pd.DataFrame) -> list[Key]:
    """Return what is hidden of one country although it is not primary, in the order of the figures."""
    codes = _codes()
    versions: dict[tuple[str, str], dict[str, list[Figure]]] = defaultdict(lambda: defaultdict(list))
    read = _figures(figures, codes)
    for indicator, period, figure in zip(figures["indicator_code"], figures["period"], read, strict=True):
        versions[indicator, period][figure.key[0]].append(figure)
    blocks = [list(block.values()) for block in versions.values()]
    hidden = hidden_figures(blocks, codes)
    return sorted(hidden - {figure.key for figure in read if figure.is_hidden})


def _chosen(groups: list[pd.DataFrame]) -> Iterable[list[Key]]:
    if len(groups) < COUNTRIES_FOR_WORKERS:
        return [complementary_of(group) for group in groups]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        return list(pool.map(complementary_of, groups))


def _figures(figures: pd.DataFrame, codes: Codes) -> list[Figure]:
    columns = [name.lower() for name in codes.dimensions]
    # Objects, because every look at a cell of an Arrow column makes a new one.
    plain = figures.astype(object)
    cells = plain[columns].fillna(TOTAL)
    return [
        Figure(
            key=(str(row.submission_id), int(row.source_row)),
            cell=tuple(cell),
            numerator=float(row.numerator),
            denominator=float(row.denominator),
            has_complement=bool(row.has_complement),
            threshold=float(row.threshold_count),
            hides_zero=bool(row.hides_zero),
            is_hidden=bool(row.is_primary),
            is_headline=all(code == TOTAL for name, code in zip(columns, cell, strict=True) if name != "site"),
        )
        for row, cell in zip(plain.itertuples(), cells.itertuples(index=False), strict=True)
    ]


@cache
def _codes() -> Codes:
    """Return the dimensions of the catalogue, and what each code is part of."""
    lists = {row["dimension_code"]: row["code_list"] for row in rows("dimensions")}
    parents = {
        dimension: {
            row["code"]: TOTAL if row["parent_code"] == _totals()[dimension] else row["parent_code"]
            for row in rows(code_list)
            if row["parent_code"]
        }
        for dimension, code_list in lists.items()
    }
    return Codes(tuple(sorted(lists)), parents)


@cache
def _totals() -> dict[str, str]:
    return {row["dimension_code"]: row["total_code"] for row in rows("dimensions")}


@cache
def _code_hash() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _kept(folder: Path | None, country_code: str, key: str) -> list[Key] | None:
    path = folder / f"{country_code}.json" if folder else None
    if path is None or not path.exists():
        return None
    kept = read_json(path)
    return [(submission_id, row) for submission_id, row in kept["hidden"]] if kept["content_hash"] == key else None


def _keep(folder: Path | None, country_code: str, key: str, hidden: list[Key]) -> None:
    if folder:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_json(folder / f"{country_code}.json", {"content_hash": key, "hidden": hidden})
