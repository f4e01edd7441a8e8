"""The page about the data: what is real, how to read it, how it is made, its limits, and every file to download."""

from typing import Any

from dashboards import words
from dashboards.figures import Release

FILE_WORDS = {
    "warehouse.duckdb": "The whole release as one DuckDB database (any version from 1.4 on)",
    "release.json": "What this release is",
    "gate.json": "What the quality gate said",
    "SHA256SUMS": "Checksums of the files",
}


def context(release: Release) -> dict[str, Any]:
    """Return what the page about the data shows."""
    statuses = {country.roster_status for country in release.countries.values()}
    return {
        "is_reference_roster": "reference" in statuses,
        "synthetic_percent": f"{100 * release.facts['is_synthetic_share']:.1f}",
        "files": [
            {"name": name, "words": FILE_WORDS[name], "size": words.size(release.file_sizes[name])}
            for name in FILE_WORDS
            if name in release.file_sizes
        ],
        "tables": _tables(release),
        "flags": [(code.lower(), label) for code, label in release.flags.items() if code != words.PLAIN_OBS_STATUS],
        "themes": release.themes,
    }


def _tables(release: Release) -> list[dict[str, Any]]:
    """Return one row per table that can be downloaded, with its files."""
    names = sorted({name.split("/")[1].rsplit(".", 1)[0] for name in release.file_sizes if "/" in name})
    return [
        {
            "name": name,
            "files": [
                {
                    "name": f"{kind}/{name}.{kind}",
                    "kind": kind,
                    "size": words.size(release.file_sizes[f"{kind}/{name}.{kind}"]),
                }
                for kind in ("csv", "parquet")
                if f"{kind}/{name}.{kind}" in release.file_sizes
            ],
        }
        for name in names
    ]
