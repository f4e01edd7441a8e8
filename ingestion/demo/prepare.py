"""Write the demonstration round to a folder: two waves of national files and a page that says what they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ingestion.catalogue import roster_countries, rows
from ingestion.demo.faults import BYTE_FAULTS, ROW_FAULTS, corrections, faults, subjects
from ingestion.demo.figures import LateReports
from ingestion.demo.formats import file_bytes
from ingestion.demo.plan import Plan
from ingestion.demo.readme import readme_text
from ingestion.demo.senders import Sender, senders
from ingestion.demo.submission import submission_rows
from ingestion.store.atomic import write_bytes

DEFAULT_SEED = 2026
FIRST_WAVE, SECOND_WAVE = "wave1", "wave2"
LATE_YEAR = 2025
LATE_SHIFT = 0.30


@dataclass(frozen=True)
class NationalFile:
    """One file of the round: its wave, its sender and its bytes."""

    wave: str
    sender: Sender
    data: bytes

    @property
    def path(self) -> Path:
        """Where the file stands in the round's folder."""
        return Path(self.wave) / self.sender.country_code / self.sender.full_name


def prepare(folder: Path, *, countries: Sequence[str] | None = None) -> None:
    """Write wave1/<country>/<file>, wave2/<country>/<file> and README.txt: always the same bytes.

    `countries` limits the round to some of the roster.
    """
    files = []
    for national in national_files(countries=countries):
        write_bytes(folder / national.path, national.data)
        files.append(national.path)
    _remove_others(folder, keep={folder / path for path in files})
    write_bytes(folder / "README.txt", readme_text(files, seed=DEFAULT_SEED).encode("utf-8"))


def _remove_others(folder: Path, *, keep: set[Path]) -> None:
    """Remove what an earlier, different round left in the two waves."""
    for wave in (FIRST_WAVE, SECOND_WAVE):
        for path in (folder / wave).rglob("*"):
            if path.is_file() and path not in keep:
                path.unlink()


def national_files(*, seed: int = DEFAULT_SEED, countries: Sequence[str] | None = None) -> Iterator[NationalFile]:
    """Make the files of the round, first all of the first wave, then the corrections; equal seeds give equal bytes."""
    chosen = list(countries) if countries is not None else _roster()
    for country_code in chosen:
        yield _first_file(seed, senders()[country_code])
    for country_code in chosen:
        if country_code in corrections():
            yield _second_file(seed, senders()[country_code])


def _roster() -> list[str]:
    return roster_countries(max(date.fromisoformat(row["closes_on"]) for row in rows("rounds")))


def _first_file(seed: int, sender: Sender) -> NationalFile:
    fault = faults().get(sender.country_code)
    name = fault["fault"] if fault else ""
    described = fault["subject"] if fault and name == "neighbour" else sender.country_code
    found = submission_rows(seed, _plan(seed, described), sender)
    if fault and name in ROW_FAULTS:
        found = ROW_FAULTS[name](found, subjects(fault))
    data = file_bytes(found, sender)
    return NationalFile(FIRST_WAVE, sender, BYTE_FAULTS[name](data) if name in BYTE_FAULTS else data)


def _second_file(seed: int, sender: Sender) -> NationalFile:
    correction = corrections()[sender.country_code]
    indicators = subjects(correction)
    late = LateReports(indicators, LATE_YEAR, LATE_SHIFT) if indicators else None
    found = submission_rows(seed, _plan(seed, sender.country_code), sender, only=indicators or None, late=late)
    return NationalFile(SECOND_WAVE, replace(sender, file_name=f"{sender.file_name}_2"), file_bytes(found, sender))


def _plan(seed: int, country_code: str) -> Plan:
    told = [table[country_code] for table in (faults(), corrections()) if country_code in table]
    return Plan(seed, country_code, kept=frozenset().union(*(subjects(row) for row in told)))
