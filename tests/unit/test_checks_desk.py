"""The desk: whatever a file does to its reader, its sender gets an answer, and our own faults are never theirs."""

import dataclasses
import json
import signal
import subprocess
import sys

import pytest

from ingestion.checks import desk
from ingestion.checks.desk import examine
from ingestion.errors import PcmError
from tests.files import as_lines, csv_text, figures, workbook_bytes, write

CHILD_WITHOUT_ROOM = """
import sys
from pyarrow import ArrowException
from ingestion.checks import desk

once = iter([{error}])

def as_json(result, dump=desk._as_json):
    for error in once:
        raise error
    return dump(result)

desk._as_json = as_json
sys.exit(desk.main())
"""


def examine_bytes(folder, content, settings, name="figures.csv"):
    path = write(folder, name, content)
    return examine(path, country_code="LU", work_folder=folder / "work", settings=settings)


@pytest.mark.parametrize("name", ["figures.csv", "figures.xlsx", "figures", "figures.doc"])
def test_a_clean_file_is_accepted_whatever_its_name(tmp_path, settings, name):
    is_workbook = name.endswith(("xlsx", "doc"))
    content = workbook_bytes(as_lines(figures())) if is_workbook else csv_text(as_lines(figures()))
    result = examine_bytes(tmp_path, content, settings, name)
    assert result["verdict"] == "accepted"
    assert result["submission"]["original_name"] == name
    assert result["submission"]["file_format"] == ("xlsx" if is_workbook else "csv")
    assert (tmp_path / "work" / "accepted.parquet").exists()


def test_csv_and_workbook_are_judged_alike(tmp_path, settings):
    broken = [{**figures()[0], "SEX": "W"}, *figures()]
    answers = []
    for name, content in (("a.csv", csv_text(as_lines(broken))), ("a.xlsx", workbook_bytes(as_lines(broken)))):
        result = examine_bytes(tmp_path, content, settings, name)
        answers.append([{**finding, "sheet": None} for finding in result["findings"]])
    assert answers[0] == answers[1]
    assert [finding["rule"] for finding in answers[0]] == ["SEX_LETTERS"]


def test_a_file_above_the_limit_is_not_even_opened(tmp_path, settings):
    small = dataclasses.replace(settings, max_file_mb=0)
    result = examine_bytes(tmp_path, csv_text(as_lines(figures())), small)
    assert (result["verdict"], result["groups"][0]["rule"]) == ("unreadable", "TOO_LARGE")
    assert not (tmp_path / "work").exists()


def test_a_file_that_takes_too_long_is_given_up(tmp_path, settings):
    hasty = dataclasses.replace(settings, desk_seconds=0.01)
    result = examine_bytes(tmp_path, csv_text(as_lines(figures())), hasty)
    assert (result["verdict"], result["groups"][0]["rule"]) == ("unreadable", "TOOK_TOO_LONG")


def test_an_answer_that_needs_too_much_memory_is_given_up_with_its_rows(tmp_path, settings, monkeypatch):
    errors = ("MemoryError()", "ArrowException('Unknown error')", "RuntimeError('can\\'t start new thread')")
    for case, error in zip("abc", errors, strict=True):
        monkeypatch.setattr(desk, "CHILD", (sys.executable, "-c", CHILD_WITHOUT_ROOM.format(error=error)))
        result = examine_bytes(tmp_path, csv_text(as_lines(figures())), settings, case)
        assert (result["verdict"], result["groups"][0]["rule"]) == ("unreadable", "OUT_OF_MEMORY")
        assert not (tmp_path / "work" / desk.ACCEPTED_FILE).exists()


def test_a_file_that_needs_too_much_memory_is_given_up(tmp_path, settings):
    # More than the program itself takes, and less than it takes to hold the rows of a file of this size. A line break
    # in a cell has them read by Python alone, which says so where memory ends.
    narrow = dataclasses.replace(settings, desk_memory_mb=550)
    result = examine_bytes(tmp_path, csv_text(as_lines(figures())) * 150_000 + '"a\nb"', narrow)
    assert (result["verdict"], result["groups"][0]["rule"]) == ("unreadable", "OUT_OF_MEMORY")


@pytest.mark.parametrize(
    ("status", "rule"),
    [(-signal.SIGSEGV, "READER_DIED"), (-signal.SIGKILL, "READER_DIED"), (-signal.SIGXCPU, "TOOK_TOO_LONG")],
)
def test_a_child_that_dies_of_its_file_is_an_answer(tmp_path, settings, monkeypatch, status, rule):
    accepted = tmp_path / "work" / desk.ACCEPTED_FILE

    def run_child(*_):
        accepted.write_bytes(b"PAR1, and then no")
        return status

    monkeypatch.setattr(desk, "_run_child", run_child)
    assert examine_bytes(tmp_path, "INDICATOR", settings)["groups"][0]["rule"] == rule
    assert not accepted.exists()


def test_a_child_without_room_for_a_thread_is_an_answer_as_glibc_ends_it(tmp_path, settings, monkeypatch):
    script = (
        f"import os, sys; sys.stderr.write('{desk.NO_ROOM_FOR_A_THREAD}: ABORT'); sys.stderr.flush(); os._exit(127)"
    )
    monkeypatch.setattr(desk, "CHILD", (sys.executable, "-c", script))
    assert examine_bytes(tmp_path, "INDICATOR", settings)["groups"][0]["rule"] == "OUT_OF_MEMORY"


def test_a_kill_from_outside_is_tried_once_more(tmp_path, settings, monkeypatch):
    """Whoever kills the whole chain may hit the child a moment earlier: a good file must not be blamed."""
    statuses = iter([-signal.SIGKILL])
    run_child = desk._run_child
    monkeypatch.setattr(desk, "_run_child", lambda *arguments: next(statuses, None) or run_child(*arguments))
    assert examine_bytes(tmp_path, csv_text(as_lines(figures())), settings)["verdict"] == "accepted"


@pytest.mark.parametrize("status", [-signal.SIGTERM, -signal.SIGINT, desk.OUR_FAULT])
def test_being_stopped_or_a_fault_of_ours_is_not_the_file_s(tmp_path, settings, monkeypatch, status):
    def run_child(*_):
        (tmp_path / "work" / desk.ERROR_FILE).write_text("ZeroDivisionError: division by zero")
        return status

    monkeypatch.setattr(desk, "_run_child", run_child)
    with pytest.raises(PcmError, match="ZeroDivisionError"):
        examine_bytes(tmp_path, "INDICATOR", settings)


def test_the_child_loads_no_heavy_library():
    script = (
        "import sys, json, ingestion.checks.desk, ingestion.checks.examination; print(json.dumps(list(sys.modules)))"
    )
    loaded = json.loads(subprocess.check_output([sys.executable, "-c", script]))
    assert not {"sqlalchemy", "airflow", "pandas", "numpy", "pyarrow", "great_expectations", "openpyxl"} & set(loaded)


def test_the_child_gets_no_setting_of_ours(tmp_path, settings, monkeypatch):
    monkeypatch.setenv("PCM_AIRFLOW_DB", "postgresql://user:secret@localhost/db")
    script = "import os; print(dict(os.environ), flush=True); os._exit(70)"
    monkeypatch.setattr(desk, "CHILD", (sys.executable, "-c", script))
    with pytest.raises(PcmError) as told:
        examine_bytes(tmp_path, csv_text(as_lines(figures())), settings)
    assert "PYTHONPATH" in str(told.value)
    assert "PCM_" not in str(told.value)
