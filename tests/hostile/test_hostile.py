"""Hostile files: each is refused with its own sentence, in a child that stays small, and the caller lives on.

Time is measured and shown (`pytest tests/hostile -rP`), never judged: only a file that hangs makes a test fail.
"""

import dataclasses
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingestion.checks import desk
from ingestion.checks.desk import examine
from ingestion.checks.registry import checks
from tests.hostile.corpus import CORPUS

MOST_MEMORY_MB = 256
HANGS_SECONDS = 60
# A child begins with the memory of the process that starts it: this one is small.
LAUNCHER = """
import json, os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
used = {"status": os.waitstatus_to_exitcode(status), "peak_mb": usage.ru_maxrss / 1024}
used["seconds"] = usage.ru_utime + usage.ru_stime
json.dump(used, open("used.json", "w"))
"""
REFUSING = {"unreadable", "refused", "held"}


@pytest.fixture
def hasty(settings):
    return dataclasses.replace(settings, desk_seconds=HANGS_SECONDS)


def measuring(used):
    """Run a child through the launcher, and note what it used."""
    run = subprocess.run

    def measured(command, **named):
        run([sys.executable, "-S", "-c", LAUNCHER, *command], **named)
        used.update(json.loads((Path(named["cwd"]) / "used.json").read_text()))
        return subprocess.CompletedProcess(command, used["status"])

    return lambda command, **named: measured(command, **{**named, "check": True})


@pytest.mark.parametrize("title", CORPUS)
def test_a_hostile_file_is_refused_within_little_memory(title, tmp_path, hasty, monkeypatch):
    hostile = CORPUS[title]
    path = tmp_path / hostile.name
    path.write_bytes(hostile.make())
    used: dict[str, float] = {}
    monkeypatch.setattr(desk.subprocess, "run", measuring(used))
    start = time.monotonic()
    result = examine(path, country_code="LU", work_folder=tmp_path / "work", settings=hasty)
    print(f"{time.monotonic() - start:5.2f} s  {used['seconds']:5.2f} s cpu  {used['peak_mb']:4.0f} MB  {title}")
    rules = {finding["rule"] for finding in result["findings"]}
    if hostile.rules:
        assert rules & hostile.rules, (rules, [finding["found"] for finding in result["findings"][:3]])
        assert result["verdict"] in REFUSING
    else:
        assert result["verdict"] == "accepted"
    assert used["peak_mb"] <= MOST_MEMORY_MB


def test_nothing_is_written_but_the_answer(tmp_path, hasty):
    hostile = CORPUS["name that is a command"]
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / hostile.name).write_bytes(hostile.make())
    examine(folder / hostile.name, country_code="LU", work_folder=tmp_path / "work", settings=hasty)
    assert [path.name for path in folder.iterdir()] == [hostile.name]
    assert {path.name for path in tmp_path.iterdir()} <= {"home", "inbox", "work"}
    assert not list(Path.cwd().glob("evil"))


def test_the_corpus_is_large_and_names_only_rules_of_the_registry():
    assert len(CORPUS) >= 60
    assert {rule for hostile in CORPUS.values() for rule in hostile.rules} <= set(checks())
