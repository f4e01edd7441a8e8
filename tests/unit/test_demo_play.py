"""The play sends each file once and whole, and says what became of it."""

import pytest

from ingestion import ledger
from ingestion.demo import play
from ingestion.errors import PcmError
from ingestion.intake import claim_pending
from ingestion.store.home import Home


class Enough(Exception):
    """Someone asked the play to stop."""


def _stop(_: float) -> None:
    raise Enough


@pytest.fixture
def stage(settings):
    """A demonstration round of two small files in the first wave and none in the second."""
    for country in ("LU", "MT"):
        folder = Home(settings.home).demo / "wave1" / country
        folder.mkdir(parents=True)
        (folder / f"{country} figures.csv").write_text(f"INDICATOR,REF_AREA\nMTB_01,{country}\n")
    (Home(settings.home).demo / "wave2").mkdir()
    return settings


def _play(settings, *, pause=_stop) -> list[str]:
    said: list[str] = []
    with pytest.raises(Enough):
        play.play(settings, pause=pause, say=said.append)
    return said


def _in_inbox(settings) -> list[str]:
    return sorted(str(path.relative_to(settings.home)) for path in settings.home.glob("inbox/**/*") if path.is_file())


def test_every_file_goes_to_the_folder_of_its_country(stage):
    assert _play(stage) == ["First files: 2 files, 2 of them sent now."]
    assert _in_inbox(stage) == ["inbox/LU/LU figures.csv", "inbox/MT/MT figures.csv"]


def test_what_arrived_is_not_sent_again(stage):
    _play(stage)
    claim_pending(stage)
    assert _play(stage) == ["First files: 2 files, 0 of them sent now."]
    assert _in_inbox(stage) == []


def test_each_answer_is_shown_once_as_it_comes(stage):
    _play(stage)
    ids = claim_pending(stage)
    waits = iter(ids)

    def answer_one(_: float) -> None:
        submission_id = next(waits, None)
        if submission_id is None:
            raise Enough
        rows = {"read": 6, "accepted": 3, "held": 2, "refused": 1}
        receipt = {"rows": rows, "answered_at": "", "verdict": "accepted_with_warnings", "rules_version": ""}
        ledger.record_answer(stage, submission_id, receipt, landing_sha256=None)

    assert _play(stage, pause=answer_one)[1:] == [
        "  LU  accepted with warnings: 3 rows accepted, 2 held, 1 refused  (LU figures.csv)",
        "  MT  accepted with warnings: 3 rows accepted, 2 held, 1 refused  (MT figures.csv)",
    ]


def test_an_answer_that_never_comes_ends_the_play(stage, monkeypatch):
    monkeypatch.setattr(play, "PATIENCE_SECONDS", 0)
    with pytest.raises(PcmError, match="No answer after"):
        play.play(stage, pause=lambda _: None, say=lambda _: None)
