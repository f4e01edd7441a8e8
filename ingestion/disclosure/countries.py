"""Complementary suppression of all countries: each is one problem, and one that did not change costs nothing."""

import hashlib
from collections import defaultdict
from functools import cache
from pathlib import Path

import pandas as pd

from ingestion.catalogue import rows
from ingestion.disclosure.additive import TOTAL
from ingestion.disclosure.observations import Codes, Figure, Key, hidden_figures
from ingestion.store.atomic import read_json, write_json

# What a figure takes over as it is, in the order of its fields.
GIVEN = ("numerator", "denominator", "has_complement", "threshold_count", "hides_zero", "is_primary")


def complementary(figures: pd.DataFrame, cache_folder: Path | None) -> pd.DataFrame:
    """Return (submission_id, source_row) of what is hidden although it is not primary.

    `figures`: one row per (submission, accepted row) of the versions of each block, in the order of their releases.
    What was found for a country is kept in `cache_folder` under the hash of its figures and of this code.
    """
    by_country = {str(code): group for code, group in figures.groupby("country_code")}
    found: list[Key] = []
    for code, group in by_country.items():
        key = content_hash(group)
        keys = _kept(cache_folder, code, key)
        if keys is None:
            keys = complementary_of(group)
            _keep(cache_folder, code, key, keys)
        found += keys
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


def _figures(figures: pd.DataFrame, codes: Codes) -> list[Figure]:
    columns = [name.lower() for name in codes.dimensions]
    cells = figures[columns].astype(object).fillna(TOTAL)
    is_headline = (cells.drop(columns="site") == TOTAL).all(axis=1)
    keys = zip(figures["submission_id"].tolist(), figures["source_row"].tolist(), strict=True)
    given = [figures[name].tolist() for name in GIVEN]
    rows = zip(
        keys, zip(*(cells[name].tolist() for name in columns), strict=True), *given, is_headline.tolist(), strict=True
    )
    return [Figure(*row) for row in rows]


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
