"""A small observatory just before each step of its second release, and what each step must leave behind.

Malta's figures are published as 2026.1; Luxembourg's and a file that is no table are under way. A harm is done
to a copy of the home, and then the same step must come to the same result unaided.
"""

import csv
import hashlib
import io
import json
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingestion.settings import Settings, load_settings
from ingestion.store.atomic import read_json, sha256_of, write_bytes
from ingestion.store.home import Home
from ingestion.store.published import current_release_id, release_ids
from tests.chaos.forked import run

THEME = "MTB"
# What is never written to once it has its name may be one file with its copies.
NEVER_REWRITTEN = ("builds", "releases")
NOT_A_TABLE = ("LU", "not a table.csv", b"\x00\x01\x02 rubbish")


@dataclass(frozen=True)
class Stage:
    """A step: what it does to a home, and what is left when it was done."""

    name: str
    work: Callable[[Settings], Any]
    outcome: Callable[[Settings, Path], Any]


def _intake(settings: Settings) -> None:
    from ingestion.intake import claim_pending

    claim_pending(settings)


def _desk(settings: Settings) -> None:
    from ingestion import ledger
    from ingestion.intake import process_submission

    for submission_id in ledger.unanswered(settings):
        process_submission(settings, submission_id)


def _build(settings: Settings) -> None:
    from ingestion.warehouse import build

    build(settings)


def _gate(settings: Settings) -> None:
    from expectations import judge_and_fall_back
    from ingestion.warehouse import build

    build_id = build(settings)
    if build_id:
        judge_and_fall_back(settings, build_id)


def _publish(settings: Settings) -> None:
    from expectations import judge_and_fall_back
    from ingestion.release.publish import publish
    from ingestion.warehouse import build

    build_id = build(settings)
    if build_id:
        build_id, verdict = judge_and_fall_back(settings, build_id)
        assert verdict == "publish", verdict
        publish(settings, build_id)


def _site(settings: Settings) -> None:
    from dashboards import render_release

    render_release(settings, current_release_id(settings) or "")


def _packing(settings: Settings) -> None:
    from ingestion.store.packing import pack_older

    pack_older(replace(settings, keep_whole_hours=0), now=datetime.now(UTC))


def _arrivals(settings: Settings, _: Path) -> Any:
    from ingestion import ledger
    from ingestion.intake import waiting_files

    known = ("submission_id", "sha256", "original_name", "country_code")
    entries = ledger.submissions(settings)
    return [len(waiting_files(settings)), sorted([entry[key] for key in known] for entry in entries)]


def _answers(settings: Settings, _: Path) -> Any:
    from ingestion import ledger
    from ingestion.store.landed import verified_landing

    known = ("submission_id", "verdict", "landing_sha256", "rows_read", "rows_accepted", "rows_held", "rows_refused")
    entries = ledger.submissions(settings)
    for entry in entries:
        if entry["landing_sha256"]:
            verified_landing(settings, entry)
    receipts = sorted(path.name for path in Home(settings.home).inbox.glob("*/receipts/*"))
    return [receipts, sorted(([entry[key] for key in known] for entry in entries), key=str)]


def _built_figures(settings: Settings, folder: Path) -> Any:
    from ingestion.release.contents import content_hash, export_tables
    from ingestion.warehouse import next_manifest, verified_warehouse

    warehouse = verified_warehouse(Home(settings.home), next_manifest(settings)["build_id"])
    exported = folder / "exported"
    shutil.rmtree(exported, ignore_errors=True)
    exported.mkdir()
    export_tables(warehouse, exported)
    return content_hash(exported)


def _verdict(settings: Settings, _: Path) -> Any:
    from ingestion.warehouse import next_manifest

    gate = read_json(Home(settings.home).builds / next_manifest(settings)["build_id"] / "gate.json")
    suites = [[each["expectation"], each["success"]] for suite in gate["suites"] for each in suite["results"]]
    return [gate["verdict"], suites]


def _published(settings: Settings, _: Path) -> Any:
    from ingestion.warehouse import build_due

    releases = Home(settings.home).releases
    known = [[name, read_json(releases / name / "release.json")["content_hash"]] for name in release_ids(settings)]
    return [current_release_id(settings), known, build_due(settings)]


def _pages(settings: Settings, _: Path) -> Any:
    site = Home(settings.home).releases / str(current_release_id(settings)) / "site"
    digest = hashlib.sha256()
    # The day of publication stands on every page: the same home has the same pages.
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(site)} {sha256_of(path)}\n".encode())
    return digest.hexdigest()


def _packed(settings: Settings, _: Path) -> Any:
    from ingestion.release.verify import verify
    from ingestion.store.packed import PACKED

    oldest = Home(settings.home).releases / release_ids(settings)[0]
    return [verify(oldest), sorted(path.name for path in oldest.iterdir()), (oldest / PACKED).is_dir()]


STAGES = {
    stage.name: stage
    for stage in (
        Stage("intake", _intake, _arrivals),
        Stage("desk", _desk, _answers),
        Stage("build", _build, _built_figures),
        Stage("gate", _gate, _verdict),
        Stage("publish", _publish, _published),
        Stage("site", _site, _pages),
        Stage("packing", _packing, _packed),
    )
}


class Prepared:
    """The homes before each step and what the undisturbed step leaves, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def home(self, name: str) -> Path:
        """The home just before a step."""
        return self.folder / "before" / name

    def copy(self, name: str, target: Path) -> Settings:
        """Return the settings of a copy of the home before a step."""
        copy_home(self.home(name), target)
        return settings_of(target)

    def expected(self, name: str) -> Any:
        """What the step leaves when nobody disturbs it."""
        return read_json(self.folder / "expected.json")[name]

    def sent(self, name: str) -> dict[str, str]:
        """{SHA-256: name} of every file that was sent before a step."""
        return {sha256_of(path): str(path) for path in _kept_files(Home(self.home(name)))}

    def prepare(self) -> None:
        """Make the homes by doing each step once, each in a fork of this process."""
        working = self.folder / "working"
        settings = settings_of(working)
        files = list(small_files())
        expected = {}
        _send(Home(working), [file for file in files if file[0] == "MT"])
        for name in ("intake", "desk", "publish"):
            _do(STAGES[name].work, settings, self.folder)
        _send(Home(working), [*[file for file in files if file[0] == "LU"][:1], NOT_A_TABLE])
        for name, stage in STAGES.items():
            if name == "packing":  # of the first release, when there are three, and without thousands of pages
                _send(Home(working), [file for file in files if file[0] == "LU"][1:])
                for each in ("intake", "desk", "publish"):
                    _do(STAGES[each].work, settings, self.folder)
                shutil.rmtree(Home(working).releases / "2026.2" / "site")
            copy_home(working, self.home(name))
            _do(stage.work, settings, self.folder)
            expected[name] = _do(lambda given, stage=stage: stage.outcome(given, self.folder), settings, self.folder)
        write_bytes(self.folder / "expected.json", json.dumps(expected).encode())


def settings_of(home: Path) -> Settings:
    """Return the settings of a home that takes files at once and packs nothing by itself."""
    return Settings(home=home, settle_seconds=0, keep_whole_hours=float("inf"))


def copy_home(source: Path, target: Path) -> None:
    """Copy a home; what is never rewritten is linked where that is possible."""
    target.mkdir(parents=True)
    is_same_disk = source.stat().st_dev == target.stat().st_dev
    for path in source.iterdir():
        if path.name in NEVER_REWRITTEN and is_same_disk:
            shutil.copytree(path, target / path.name, symlinks=True, copy_function=os.link)
        elif path.is_dir():
            shutil.copytree(path, target / path.name, symlinks=True)
        else:
            shutil.copy2(path, target / path.name)


def lost(settings: Settings, sent: dict[str, str]) -> list[str]:
    """Return the names of files that were sent and are neither in the inbox nor received, byte for byte."""
    found = {sha256_of(path) for path in _kept_files(Home(settings.home))}
    return [name for sha256, name in sent.items() if sha256 not in found]


def _kept_files(home: Home) -> list[Path]:
    inbox = [path for path in home.inbox.glob("*/*") if path.is_file()]
    return inbox + list(home.received.glob("[!.]*/original*"))


def half_published(settings: Settings) -> list[str]:
    """Return what is wrong with any release that a reader may come by."""
    from ingestion.release.verify import verify

    return [problem for name in release_ids(settings) for problem in verify(Home(settings.home).releases / name)]


def unreadable(settings: Settings) -> str | None:
    """Say why the current release, or the ledger, cannot be read; None when both can."""
    from ingestion.release.query import query

    try:
        [(count,)] = query(settings, "select count(*) from fct_estimates where publication_status = 'published'")[1]
        said = _ledger_said(settings)
        return None if count and said == [("ok",)] else f"{count} figures, ledger: {said}"
    except Exception as fault:
        return f"{type(fault).__name__}: {fault}"


def _ledger_said(settings: Settings) -> list[tuple[str]]:
    from ingestion import ledger
    from ingestion.store.ledger_place import ledger_file

    path = ledger_file(settings)
    if path is None:
        return [("ok",)] if ledger.submissions(settings) else []
    # Looked at where there is room: SQLite needs 32 KB to open what nobody has open, and a full disk has not.
    with tempfile.TemporaryDirectory() as elsewhere:
        for part in path.parent.glob(f"{path.name}*"):
            shutil.copy(part, elsewhere)
        with sqlite3.connect(Path(elsewhere) / path.name) as connection:
            return connection.execute("pragma quick_check").fetchall()


def small_files() -> Iterator[tuple[str, str, bytes]]:
    """Yield (country, name, bytes): the figures of one theme in the demonstration files of Malta and Luxembourg."""
    from ingestion.demo import national_files
    from tests.demo_round import COLUMNS, read_back

    for national in national_files(countries=("MT", "LU")):
        rows = [row for row in read_back(national) if row["INDICATOR"].startswith(THEME)]
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS, delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _in_words(value) for name, value in row.items()} for row in rows)
        yield national.sender.country_code, f"{national.wave}.csv", text.getvalue().encode()


def _in_words(value: Any) -> Any:
    return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",") if isinstance(value, float) else value


def _send(home: Home, files: list[tuple[str, str, bytes]]) -> None:
    for country, name, content in files:
        write_bytes(home.create().inbox / country / name, content)


def _do(work: Callable[[Settings], Any], settings: Settings, folder: Path) -> Any:
    ended = run(lambda: work(settings), folder)
    assert ended.error is None, ended.error
    return ended.returned


if __name__ == "__main__":  # one step as a program of its own, for harms that must be there from its start
    STAGES[sys.argv[1]].work(replace(load_settings(), keep_whole_hours=float("inf")))
