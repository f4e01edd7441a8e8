"""Play the demonstration round: contacts send their files to the running observatory, and its answers are shown."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion import ledger
from ingestion.demo.prepare import FIRST_WAVE, SECOND_WAVE, prepare
from ingestion.errors import PcmError
from ingestion.intake.claim import submission_id_of
from ingestion.settings import Settings
from ingestion.store.atomic import sha256_of, temporary_beside
from ingestion.store.home import Home
from ingestion.store.published import current_release_id, release_facts, release_ids, release_manifest

LOOK_SECONDS = 0.5
PATIENCE_SECONDS = 600
# Where does seeing a molecular tumour board depend most on education?
QUERY = (
    "select country_name, round(estimate, 1) as gap_pct_points, round(lower_ci, 1) as lower_ci, "
    "round(upper_ci, 1) as upper_ci, is_synthetic from fct_inequalities join dim_country using (country_code) "
    "where indicator_code = 'MTB_02' and period = '2025' and dimension_code = 'ISCED11' and measure = 'd' "
    "order by estimate desc nulls last limit 5"
)

Say = Callable[[str], object]
Pause = Callable[[float], None]


@dataclass(frozen=True)
class Letter:
    """A file that a contact sends, and the submission that it becomes."""

    country_code: str
    file: Path
    submission_id: str


def play(settings: Settings, *, pause: Pause, say: Say) -> None:
    """Send both waves, each time until their release is published, and show what can be done with it.

    What was sent, answered or published before is not done again. `pause` waits and may raise to end the play.
    Errors: `PcmError` when an answer or a release does not come.
    """
    home = Home(settings.home)
    if not (home.demo / SECOND_WAVE).is_dir():
        say("Preparing the demonstration round ...")
        prepare(home.demo)
    for wave, title in ((FIRST_WAVE, "First files"), (SECOND_WAVE, "Corrections")):
        letters = _letters(home.demo / wave)
        sent = _send(settings, letters)
        say(f"{title}: {len(letters)} files, {sent} of them sent now.")
        _show_answers(settings, letters, pause=pause, say=say)
        release_id = _await_release(settings, letters, pause=pause)
        say(_release_line(settings, release_id))
    _show_use(settings, say=say)


def _letters(folder: Path) -> list[Letter]:
    files = sorted(path for path in folder.glob("*/*") if path.is_file())
    return [Letter(path.parent.name, path, submission_id_of(path.parent.name, sha256_of(path))) for path in files]


def _send(settings: Settings, letters: Iterable[Letter]) -> int:
    """Put into the inbox what never arrived, each file whole under its name at once; return how many."""
    new = [letter for letter in letters if ledger.find(settings, letter.submission_id) is None]
    for letter in new:
        target = Home(settings.home).inbox / letter.country_code / letter.file.name
        temporary = temporary_beside(target)
        shutil.copyfile(letter.file, temporary)
        temporary.rename(target)
    return len(new)


def _show_answers(settings: Settings, letters: list[Letter], *, pause: Pause, say: Say) -> None:
    """Show the answer to each file as it comes. Errors: `PcmError` when one does not come."""
    open_letters = {letter.submission_id: letter for letter in letters}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while open_letters:
        for entry in ledger.submissions(settings):
            if entry["status"] == "answered" and (letter := open_letters.pop(entry["submission_id"], None)):
                say(_answer_line(letter, entry))
        if open_letters and time.monotonic() > deadline:
            waiting = ", ".join(sorted(open_letters))
            raise PcmError(f"No answer after {PATIENCE_SECONDS} s: {waiting}. `pcm status` says what is wrong.")
        pause(LOOK_SECONDS if open_letters else 0)


def _answer_line(letter: Letter, entry: dict[str, Any]) -> str:
    rows = f"{entry['rows_accepted']} rows accepted, {entry['rows_held']} held, {entry['rows_refused']} refused"
    verdict = entry["verdict"].replace("_", " ")
    return f"  {letter.country_code}  {verdict}: {rows}  ({letter.file.name})"


def _await_release(settings: Settings, letters: list[Letter], *, pause: Pause) -> str:
    """Return the first release that holds what was accepted of these files, once its site can be read."""
    wanted = {letter.submission_id for letter in letters if _has_landed(settings, letter)}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        release_id = _first_release_with(settings, wanted)
        if release_id and (Home(settings.home).releases / release_id / "site").is_dir():
            return release_id
        if time.monotonic() > deadline:
            raise PcmError(f"No release after {PATIENCE_SECONDS} s. `pcm status` says what is wrong.")
        pause(LOOK_SECONDS)


def _has_landed(settings: Settings, letter: Letter) -> bool:
    entry = ledger.find(settings, letter.submission_id)
    return bool(entry and entry["landing_sha256"])


def _first_release_with(settings: Settings, submission_ids: set[str]) -> str | None:
    current = current_release_id(settings)
    if current is None:
        return None
    releases = release_manifest(settings, current)["releases"]
    holding = [each["release_id"] for each in releases if submission_ids <= set(each["submissions"])]
    published = set(release_ids(settings))
    return next((release_id for release_id in holding if release_id in published), None)


def _release_line(settings: Settings, release_id: str) -> str:
    release = release_facts(settings, release_id)
    return (
        f"Release {release_id} is published: {release['country_count']} countries, "
        f"{release['observation_count']} observations, {release['is_synthetic_share']:.0%} of them synthetic."
    )


def _show_use(settings: Settings, *, say: Say) -> None:
    from ingestion.cli.tables import table
    from ingestion.release.query import query

    columns, rows = query(settings, QUERY)
    say(f"\nWarehouse:  {Home(settings.home).releases / 'current' / 'warehouse.duckdb'}")
    say(f'Try:        {_command()} sql "{QUERY}"\n')
    say("\n".join(f"    {line}" for line in table(columns, rows).splitlines()) + "\n")


def _command() -> str:
    """Return how this user calls `pcm`: by name, or by path when its folder is not among the known ones."""
    return "pcm" if shutil.which("pcm") else os.path.relpath(Path(sys.executable).parent / "pcm")
