"""How much disk each release of an observatory takes, and how much of it is new.

`python -m benchmarks.storage HOME` prints the table of `docs/benchmarks.md`. New is what a store would add that keeps
equal blocks once: the CSV lines of each (table, first two key columns) that no earlier release has, compressed.
"""

import hashlib
import itertools
import zlib
from pathlib import Path

import click

from ingestion.settings import Settings
from ingestion.store.home import Home
from ingestion.store.published import release_ids

MEGABYTE = 1e6
PARTS = ("warehouse.duckdb", "csv", "parquet", "changes.csv", "site")


@click.command()
@click.argument("home", type=click.Path(exists=True, path_type=Path))
def main(home: Path) -> None:
    """Print one line for each release."""
    click.echo(f"| release | {' | '.join(PARTS)} | all, MB | new blocks, compressed, MB |")
    click.echo(f"|---|{'---:|' * (len(PARTS) + 2)}")
    known: set[bytes] = set()
    for release_id in release_ids(Settings(home=home)):
        folder = Home(home).releases / release_id
        sizes = [_megabytes(folder / part) for part in PARTS]
        shown = " | ".join(f"{size:.1f}" for size in [*sizes, sum(sizes), _new_megabytes(folder, known)])
        click.echo(f"| {folder.name} | {shown} |")


def _megabytes(path: Path) -> float:
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file()) / MEGABYTE


def _new_megabytes(folder: Path, known: set[bytes]) -> float:
    """Return the compressed size of the blocks that are not known yet, and make them known."""
    new = 0
    for path in sorted((folder / "csv").glob("*.csv")):
        with path.open("rb") as lines:
            for _, block in itertools.groupby(lines, key=lambda line: line.split(b",", 2)[:2]):
                text = b"".join(block)
                digest = hashlib.sha256(text).digest()
                if digest not in known:
                    known.add(digest)
                    new += len(zlib.compress(text))
    return new / MEGABYTE


if __name__ == "__main__":
    main()
