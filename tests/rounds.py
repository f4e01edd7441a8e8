"""A small demonstration round, sent by hand: for tests and benchmarks that run the chain."""

import shutil
from pathlib import Path

from ingestion.demo import prepare
from ingestion.store.home import Home

# Luxembourg corrects itself, Slovenia sends a neighbour's figures first, Malta has one region.
COUNTRIES = ("LU", "MT", "SI")


def prepare_round(folder: Path) -> Path:
    """Write the files of a round of three countries to `folder` and return it."""
    prepare(folder, countries=COUNTRIES)
    return folder


def send_to(home: Home, round_folder: Path, wave: str, *, reverse: bool = False) -> None:
    """Drop the files of one wave into the inbox, as new files of this moment."""
    files = sorted(path for path in (round_folder / wave).rglob("*") if path.is_file())
    for path in reversed(files) if reverse else files:
        target = home.create().inbox / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
