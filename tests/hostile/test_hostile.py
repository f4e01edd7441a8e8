"""Hostile files: each is refused with its own sentence, in a child that stays small, and the caller lives on.

Time is measured and shown (`pytest tests/hostile -rP`), never judged: only a file that hangs makes a test fail.
"""

import dataclasses
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from ingestion.checks import desk
from ingestion.checks.desk import examine
from ingestion.checks.registry import checks
from ingestion.settings import Settings
from tests.hostile.corpus import CORPUS

pytestmark = pytest.mark.thorough

MOST_MEMORY_MB = 256
HANGS_SECONDS = 60
AT_ONCE = 2
REFUSING = {"unreadable", "refused", "held"}
# A child begins with the memory of the process that starts it: this one is small. It ends as the child does.
LAUNCHER = """
import json, os, signal, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
used = {"peak_mb": usage.ru_maxrss / 1024, "cpu": usage.ru_utime + usage.ru_stime}
json.dump(used, open("used.json", "w"))
code = os.waitstatus_to_exitcode(status)
os.kill(os.getpid(), -code) if code < 0 else os._exit(code)
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """The answer to every file of the corpus, and what its child used."""
    home = tmp_path_factory.mktemp("hostile")
    settings = dataclasses.replace(Settings(home=home), desk_seconds=HANGS_SECONDS)

    def answer(numbered):
        number, hostile = numbered
        folder = home / str(number)
        (folder / "inbox").mkdir(parents=True)
        path = folder / "inbox" / hostile.name
        path.write_bytes(hostile.make())
        start = time.monotonic()
        result = examine(path, country_code="LU", work_folder=folder / "work", settings=settings)
        used = json.loads((folder / "work" / "used.json").read_text())
        return result, used | {"seconds": time.monotonic() - start, "folder": folder}

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(AT_ONCE) as pool:
        patch.setattr(desk, "CHILD", (sys.executable, "-S", "-c", LAUNCHER, *desk.CHILD))
        return dict(zip(CORPUS, pool.map(answer, enumerate(CORPUS.values())), strict=True))


@pytest.mark.parametrize("title", CORPUS)
def test_a_hostile_file_is_refused_within_little_memory(title, answers):
    hostile, (result, used) = CORPUS[title], answers[title]
    print(f"{used['seconds']:5.2f} s  {used['cpu']:5.2f} s cpu  {used['peak_mb']:4.0f} MB  {title}")
    rules = {finding["rule"] for finding in result["findings"]}
    if hostile.rules:
        assert rules & hostile.rules, (rules, [finding["found"] for finding in result["findings"][:3]])
        assert result["verdict"] in REFUSING
    else:
        assert result["verdict"] == "accepted"
    assert used["peak_mb"] <= MOST_MEMORY_MB


def test_nothing_is_written_but_the_answer(answers):
    for title, (_, used) in answers.items():
        assert {path.name for path in used["folder"].iterdir()} == {"inbox", "work"}
        assert [path.name for path in (used["folder"] / "inbox").iterdir()] == [CORPUS[title].name]
        written = {path.name for path in (used["folder"] / "work").iterdir()}
        assert written <= {"used.json", "desk.log", "result.json", "accepted.parquet"}


def test_the_corpus_is_large_and_names_only_rules_of_the_registry():
    assert len(CORPUS) >= 60
    assert {rule for hostile in CORPUS.values() for rule in hostile.rules} <= set(checks())
