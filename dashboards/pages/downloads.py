"""The page of downloads: every file of the release."""

from typing import Any

from dashboards import words
from dashboards.figures import Release
from dashboards.speech import say
from ingestion.languages import phrase

FILE_WORDS = {
    "warehouse.duckdb": phrase("The whole release as one DuckDB database (any version from 1.4 on)"),
    "release.json": phrase("What this release is"),
    "gate.json": phrase("What the quality gate said"),
    "dictionary.html": phrase("What every table and column means, to read"),
    "dictionary.csv": phrase("What every table and column means, as a table"),
    "SHA256SUMS": phrase("Checksums of the files"),
    "CHANGES.md": phrase("What changed since the release before, in words"),
    "changes.csv": phrase("What changed since the release before, figure by figure"),
    "sdmx/observations.csv": phrase("What the countries sent, as SDMX-CSV 2.0"),
    "sdmx/estimates.csv": phrase("The figures, as SDMX-CSV 2.0"),
    "sdmx/structures.xml": phrase("The structures of both, as SDMX-ML 3.0"),
    "datapackage.json": phrase("The tables described as a Data Package"),
    "dcat.jsonld": phrase("The release described for catalogues: DCAT-AP, HealthDCAT-AP"),
    "datacite.json": phrase("The release described for citing: DataCite"),
    "prov.json": phrase("What the release was made from: PROV"),
}


def context(release: Release) -> dict[str, Any]:
    """Return what the page of downloads shows."""
    return {"files": files(release, FILE_WORDS), "tables": _tables(release)}


def files(release: Release, names: dict[str, str]) -> list[dict[str, str]]:
    """Return those of the named files that the release has, with what they are and their size."""
    return [
        {"name": name, "words": say(said), "size": words.size(release.file_sizes[name])}
        for name, said in names.items()
        if name in release.file_sizes
    ]


def _tables(release: Release) -> list[dict[str, Any]]:
    """Return one row per table that can be downloaded, with its files."""
    names = sorted(
        {name.split("/")[1].rsplit(".", 1)[0] for name in release.file_sizes if name.startswith(("csv/", "parquet/"))}
    )
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
