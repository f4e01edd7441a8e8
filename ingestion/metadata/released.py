"""A release while its metadata are written: its folder, what it says of itself, and its tables."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingestion.licences import LICENCES, Licence, contact_address
from ingestion.metadata.tables import Table, documented_tables
from ingestion.store.atomic import read_json, sha256_of_written

TITLE = "PCM Observatory"
PUBLISHER = "PCM Observatory"
PURPOSE = (
    "Access-and-equity metrics of personalised cancer medicine in Europe: indicators of pilots and services by "
    "country, period, cancer site and population group, with intervals, inequalities and comparisons between "
    "countries. Small counts are hidden."
)
# Its figures are those of the theme CTX, each with its source: CC BY 4.0, as its copyright notice says.
EUROSTAT = "Eurostat (context figures, CC BY 4.0)"
SYNTHETIC = "{share:.1%} of the observations are synthetic and say nothing about any country (`is_synthetic`)."
KEYWORDS = ("cancer", "personalised medicine", "access to health care", "health equity", "Europe")


@dataclass(frozen=True)
class Released:
    """A release in the making."""

    folder: Path
    facts: dict[str, Any]
    tables: tuple[Table, ...]

    @property
    def release_id(self) -> str:
        """`2026.2`."""
        return str(self.facts["release_id"])

    @property
    def title(self) -> str:
        """The title of the release for a catalogue."""
        return f"{TITLE}, release {self.release_id}"

    @property
    def description(self) -> str:
        """What the release is, and how much of it is invented."""
        share = self.facts["is_synthetic_share"]
        return f"{PURPOSE} {SYNTHETIC.format(share=share)}" if share else PURPOSE

    @property
    def licence(self) -> Licence:
        """The licence of the figures."""
        return LICENCES[self.facts["licence"]]

    @property
    def contact(self) -> str:
        """The address of the contact, `mailto:` before that of a mailbox; nothing where nobody is named."""
        return contact_address(self.facts["contact"])

    @property
    def address(self) -> str:
        """The address of the release's pages; nothing where the site has no public one."""
        site = self.facts["site_url"]
        return f"{site}/r/{self.release_id}/en/" if site else ""

    @property
    def exported(self) -> tuple[Table, ...]:
        """The tables that stand in the release as CSV and Parquet, too."""
        return tuple(table for table in self.tables if self.path_of(table, "csv").exists())

    def path_of(self, table: Table, kind: str) -> Path:
        """Return where a table stands as `csv` or `parquet`."""
        return self.folder / kind / f"{table.name}.{kind}"

    def size_and_hash(self, path: Path) -> tuple[int, str]:
        """Return the bytes of a file and their SHA-256."""
        return path.stat().st_size, sha256_of_written(path)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query on the release."""
        with duckdb.connect(str(self.folder / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def read_release(folder: Path) -> Released:
    """Return the release in a folder, with those of the documented tables that stand in it."""
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        present = connection.execute("select schema_name, table_name from duckdb_tables() order by all").fetchall()
    documented = documented_tables()
    return Released(
        folder=folder,
        facts=read_json(folder / "release.json"),
        tables=tuple(documented[found] for found in present if found in documented),
    )
