"""Tidying takes what is named as going after a while, and not one byte of anything else."""

import itertools
import os
import time

import pytest
from click.testing import CliRunner

from ingestion import ledger
from ingestion.care.tidy import leftovers, tidy
from ingestion.cli.main import pcm
from ingestion.store.atomic import write_json
from ingestion.store.home import Home
from ingestion.store.published import point_at, release_ids
from tests.chaos import forked
from tests.unit import test_stewardship as small

LONG_AGO = time.time() - 31 * 24 * 60 * 60
RUN = "run/logs/airflow/dag_id=intake/run_id=manual__1"


def build(home, name, sequence, verdict="publish"):
    write_json(home.builds / name / "manifest.json", {"release_sequence": sequence})
    write_json(home.builds / name / "gate.json", {"verdict": verdict})
    (home.builds / name / "warehouse.duckdb").write_bytes(b"1" * 100)


@pytest.fixture
def home(settings):
    """Four releases, of which readers are pointed at the third; builds of every kind; everything is old."""
    home = Home(settings.home)
    home.create()
    for country in ("FR", "LU"):
        small._send(settings, country, 1)
    for sequence in (1, 2, 3, 4):
        release_id = f"2026.{sequence}"
        told = {"release_id": release_id, "release_sequence": sequence, "build_id": f"b-{sequence}"}
        write_json(home.releases / release_id / "release.json", told)
        build(home, f"b-{sequence}", sequence)
        point_at(settings, release_id)
    point_at(settings, "2026.3")
    build(home, "b-first-try", 2, "hold_countries")
    build(home, "b-held", 2, "hold")
    build(home, "b-refused", 2)
    build(home, "b-draft", 5)
    (home.builds / "b-not-judged").mkdir()
    small._hold(settings, "FR-1")  # in b-1, of which a steward may still waive the failure
    ledger.decide(settings, "refuse", "b-refused", by="Ada", reason="Wrong year")
    for path in (home.root / RUN / "task_id=drain" / "attempt=1.log", home.received / "LU-1" / "original.csv"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("old")
    (home.root / "run" / "logs" / "site.log").write_text("old")
    for path in (*home.root.rglob("*"), home.root):
        os.utime(path, (LONG_AGO, LONG_AGO), follow_symlinks=False)
    return home


def contents(home):
    files = (path for path in home.root.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path.relative_to(home.root).as_posix(): path.read_bytes() for path in files if "ledger" not in path.name}


def test_what_is_behind_older_releases_goes_and_nothing_else(settings, home):
    before, submissions = contents(home), ledger.submissions(settings)
    gone = {each.path.relative_to(home.root).as_posix() for each in tidy(settings, days=30)}
    assert gone == {"builds/b-2", "builds/b-first-try", RUN}
    left = {
        name: content for name, content in before.items() if not name.startswith(tuple(f"{each}/" for each in gone))
    }
    assert contents(home) == left
    assert ledger.submissions(settings) == submissions
    assert release_ids(settings) == ["2026.1", "2026.2", "2026.3", "2026.4"]
    assert tidy(settings, days=30) == []


def test_a_kill_leaves_no_half_of_a_build(settings, home, tmp_path):
    """The look for what is due reads the manifest of every build that has a verdict."""
    for moment in itertools.count(1):
        ended = forked.run(lambda: len(tidy(settings, days=30)), tmp_path, at_operation=moment)
        judged = [path.parent for path in home.builds.glob("b-*/gate.json")]
        assert [folder for folder in judged if not (folder / "manifest.json").exists()] == []
        if not ended.killed_in:
            break
    assert tidy(settings, days=30) == []


def test_what_is_younger_stays(settings, home):
    assert leftovers(settings, days=32) == []


def test_the_command_removes_nothing_unless_it_is_told_to(settings, home):
    before = contents(home)
    said = CliRunner().invoke(pcm, ["--home", str(settings.home), "tidy"])
    assert said.exit_code == 0, said.output
    assert "b-first-try" in said.output
    assert "would go with --apply" in said.output
    assert contents(home) == before
    said = CliRunner().invoke(pcm, ["--home", str(settings.home), "tidy", "--apply"])
    assert "Airflow was not asked" in said.output
    assert set(before) - set(contents(home))
