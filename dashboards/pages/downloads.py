"""The page of downloads: every file of the release."""

from typing import Any

from dashboards import words
from dashboards.figures import Release

FILE_WORDS = {
    "warehouse.duckdb": "The whole release as one DuckDB database (any version from 1.4 on)",
    "release.json": "What this release is",
    "gate.json": "What the quality gate said",
    "SHA256SUMS": "Checksums of the files",
    "CHANGES.md": "What changed since the release before, in words",
    "changes.csv": "What changed since the release before, figure by figure",
}


def context(release: Release) -> dict[str, Any]:
    """Return what the page of downloads shows."""
    return {"files": files(release, FILE_WORDS), "tables": _tables(release)}


def files(release: Release, names: dict[str, str]) -> list[dict[str, str]]:
    """Return those of the named files that the release has, with what they are and their size."""
    return [
        {"name": name, "words": said, "size": words.size(release.file_sizes[name])}
        for name, said in names.items()
        if name in release.file_sizes
    ]


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
