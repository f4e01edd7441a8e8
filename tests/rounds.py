"""A small demonstration round, sent by hand: for tests and benchmarks that run the chain."""

import shutil
from pathlib import Path

from ingestion.catalogue import rows
from ingestion.demo import prepare
from ingestion.demo.formats import file_bytes
from ingestion.demo.plan import Plan
from ingestion.demo.prepare import DEFAULT_SEED
from ingestion.demo.senders import senders
from ingestion.demo.submission import submission_rows
from ingestion.store.atomic import write_bytes
from ingestion.store.home import Home

# Luxembourg corrects itself, Slovenia sends a neighbour's figures first, Malta has one region.
COUNTRIES = ("LU", "MT", "SI")


def prepare_round(folder: Path) -> Path:
    """Write the files of a round of three countries to `folder` and return it."""
    prepare(folder, countries=COUNTRIES)
    return folder


def prepare_theme(folder: Path, theme: str) -> Path:
    """Write a first wave in which every country sends one theme, in its own format, to `folder` and return it."""
    indicators = frozenset(row["indicator_code"] for row in rows("indicators") if row["theme_code"] == theme)
    for code in sorted(row["country_code"] for row in rows("roster")):
        sender = senders()[code]
        found = submission_rows(DEFAULT_SEED, Plan(DEFAULT_SEED, code), sender, only=indicators)
        write_bytes(folder / "wave1" / code / sender.full_name, file_bytes(found, sender))
    return folder


def send_to(home: Home, round_folder: Path, wave: str, *, reverse: bool = False) -> None:
    """Drop the files of one wave into the inbox, as new files of this moment."""
    files = sorted(path for path in (round_folder / wave).rglob("*") if path.is_file())
    for path in reversed(files) if reverse else files:
        target = home.create().inbox / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
