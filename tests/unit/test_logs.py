"""Logs: a file with names and small counts goes through desk, intake and portal, and no line says any of it."""

import io
import json
import logging
import re
from dataclasses import replace

import pytest

from ingestion.errors import PcmError
from ingestion.intake import claim_pending, process_submission
from ingestion.logs import JsonLines, TextLines, about
from ingestion.portal.sending import drafts
from ingestion.store.home import Home
from tests.files import PROPORTION, as_lines, csv_text, figures
from tests.portal_visits import invited, sent_and_answered
from tests.unit import test_portal as portal

cheap_hashes = portal.cheap_hashes
NAME, COUNTS = "Perpetua Quisling", ("3", "17")
SHORT_NUMBER = re.compile(r"(?<![\w.:-])\d{1,2}(?![\w.:-])")


@pytest.fixture
def lines():
    """Every line of every logger, as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(before)


def planted(**wrong):
    """A file with a small count, a name in its remarks and, where asked for, in a cell that is wrong."""
    row = {**PROPORTION, "NUMERATOR": COUNTS[0], "DENOMINATOR": COUNTS[1], "OBS_COMMENT": f"seen by {NAME}"}
    return csv_text(as_lines([*figures()[1:], {**row, **wrong}])).encode()


@pytest.mark.parametrize("wrong", [{}, {"NUMERATOR": NAME, "SITE": NAME}], ids=["right", "wrong"])
def test_no_line_holds_a_name_or_a_small_count(settings, cheap_hashes, lines, capfd, wrong):
    settings = replace(settings, settle_seconds=0)
    home = Home(settings.home)
    (home.inbox / "LU").mkdir(parents=True)
    (home.inbox / "LU" / f"{NAME}.csv").write_bytes(planted(**wrong))
    [submission_id] = claim_pending(settings)
    process_submission(settings, submission_id)
    account = invited(settings)
    upload_id = drafts.keep(
        settings, io.BytesIO(planted(**wrong) + b"\n"), name=f"{NAME}.csv", country_code="LU", account=account
    )
    sent_and_answered(settings, drafts.find_draft(settings, upload_id), account)
    assert_nothing_told(lines(), capfd)
    assert {line["message"].split()[0] for line in lines() if line.get("submission_id") == submission_id} >= {
        "Arrived",
        "Answered:",
    }


def test_a_fault_of_ours_says_its_kind_and_place_and_no_value(settings, lines, monkeypatch, capfd):
    settings = replace(settings, settle_seconds=0)
    folder = Home(settings.home).inbox / "LU"
    folder.mkdir(parents=True)
    (folder / f"{NAME}.csv").write_bytes(planted())
    [submission_id] = claim_pending(settings)

    def fail(*_, **__):
        raise ValueError(f"could not convert {NAME!r}, {COUNTS[0]}")

    monkeypatch.setattr("ingestion.intake.process.examine", fail)
    with pytest.raises(PcmError, match="ValueError") as told:
        process_submission(settings, submission_id)
    assert told.traceback[-1].name == "fail"  # whoever mends it finds the place
    with about(submission_id):
        logging.getLogger("airflow").exception("Task failed", exc_info=told.value)
    assert_nothing_told(lines(), capfd)


def test_a_file_that_cannot_be_taken_is_not_named(settings, lines, monkeypatch, capfd):
    settings = replace(settings, settle_seconds=0)
    folder = Home(settings.home).inbox / "LU"
    folder.mkdir(parents=True)
    (folder / f"{NAME}.csv").write_bytes(planted())

    def refuse(path, *_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("ingestion.intake.claim._copy_and_hash", refuse)
    assert claim_pending(settings) == []
    ours = [line["message"] for line in lines() if line["logger"].startswith("ingestion")]
    assert ours == ["A file of LU stays in the inbox: Permission denied."]
    assert_nothing_told(lines(), capfd)


def test_a_line_for_people_names_the_submission_and_no_words_of_an_error():
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "Failed.", None, None)
    try:
        raise ValueError(NAME)
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    with about("LU-1"):
        line = TextLines().format(record)
    assert line.startswith("ERROR x: [LU-1] Failed.\n")
    assert line.endswith("ValueError")


def assert_nothing_told(lines, capfd):
    assert lines
    printed = capfd.readouterr()
    said = "\n".join([*(f"{line['message']} {line.get('error', '')}" for line in lines), printed.out, printed.err])
    assert not re.search("perpetua|quisling", said, re.IGNORECASE)
    assert not set(SHORT_NUMBER.findall(re.sub(r"line \d+", "", said))) & set(COUNTS)
