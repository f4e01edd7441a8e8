"""The doorbells ring when something is due, once for each piece of news, and survive what they see."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ingestion import ledger
from ingestion.bells import doorbell, due
from ingestion.bells.doorbell import Doorbell, InboxDoorbell, LandingDoorbell
from ingestion.intake import claim_pending
from ingestion.store.atomic import write_json
from ingestion.store.home import Home

LOOK_SECONDS = 0.02
SILENCE_SECONDS = 0.2  # ten looks: a bell that has not rung by then does not ring
PATIENCE_SECONDS = 10


@pytest.fixture(autouse=True)
def this_observatory(settings, monkeypatch):
    monkeypatch.setattr(doorbell, "load_settings", lambda: settings)


def _rings(bell: Doorbell, *happenings: tuple[Callable[[], object], int]) -> int:
    """Listen to a bell while things happen, each awaited until it rang so often in all; return how often it rang."""

    async def listen() -> int:
        rings: list[object] = []

        async def count_rings() -> None:
            async for event in bell.run():
                rings.append(event)

        listener = asyncio.create_task(count_rings())
        for happening, expected in happenings:
            happening()
            deadline = time.monotonic() + PATIENCE_SECONDS
            while len(rings) < expected and time.monotonic() < deadline:
                await asyncio.sleep(LOOK_SECONDS)
        await asyncio.sleep(SILENCE_SECONDS)
        assert not listener.done(), "the doorbell gave up"
        listener.cancel()
        return len(rings)

    return asyncio.run(listen())


def _inbox_bell(remind_seconds: float = 60) -> InboxDoorbell:
    return InboxDoorbell(look_seconds=LOOK_SECONDS, remind_seconds=remind_seconds)


def _drop(settings, name: str = "file.csv", text: str = "INDICATOR\n") -> None:
    folder = Home(settings.home).inbox / "LU"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)


def test_an_empty_inbox_is_quiet():
    assert _rings(_inbox_bell()) == 0


def test_a_file_rings_once(settings):
    assert _rings(_inbox_bell(), (lambda: _drop(settings), 1)) == 1


def test_a_replaced_file_rings_again(settings):
    replace = (lambda: _drop(settings, text="INDICATOR,SEX\n"), 2)
    assert _rings(_inbox_bell(), (lambda: _drop(settings), 1), replace) == 2


def test_a_file_that_stays_is_reminded_of(settings):
    assert _rings(_inbox_bell(remind_seconds=0.05), (lambda: _drop(settings), 3)) >= 3


def test_a_submission_without_an_answer_is_reminded_of(settings):
    _drop(settings)
    claim_pending(settings)
    assert _rings(_inbox_bell()) == 0
    assert _rings(_inbox_bell(remind_seconds=0.05), (lambda: None, 1)) >= 1


def test_a_submission_that_failed_for_good_through_our_fault_is_left_to_the_sweep(settings):
    submission_id = _arrive(settings, "a")
    for _ in range(1 + due.RETRIES):
        ledger.record_fault(settings, submission_id, "OSError: no")
    assert _rings(_inbox_bell(remind_seconds=0.05)) == 0


def test_a_doorbell_touches_no_file(settings):
    _drop(settings)
    path = Home(settings.home).inbox / "LU" / "file.csv"
    before = path.stat()
    _rings(_inbox_bell(), (lambda: None, 1))
    assert (path.stat().st_mtime_ns, path.read_text()) == (before.st_mtime_ns, "INDICATOR\n")


def test_a_look_that_fails_does_not_silence_the_bell(settings, monkeypatch):
    looks = iter([OSError("disk"), OSError("disk")])

    def glance(self, settings):
        if fault := next(looks, None):
            raise fault
        return "news"

    monkeypatch.setattr(InboxDoorbell, "glance", glance)
    _drop(settings)
    assert _rings(_inbox_bell(), (lambda: None, 1)) == 1


def test_landed_rows_ring_when_no_file_is_under_way(settings, monkeypatch):
    monkeypatch.setattr("ingestion.warehouse.build_due", lambda _: True)
    _drop(settings)
    [submission_id] = claim_pending(settings)
    bell = LandingDoorbell(look_seconds=LOOK_SECONDS, remind_seconds=60)
    assert _rings(bell) == 0
    assert _rings(bell, (lambda: _answer(settings, submission_id), 1)) == 1


def test_a_build_that_failed_is_not_tried_every_half_minute(settings, monkeypatch):
    monkeypatch.setattr("ingestion.warehouse.build_due", lambda _: True)
    bell = LandingDoorbell(look_seconds=LOOK_SECONDS, remind_seconds=0.05)
    write_json(Home(settings.home).builds / "failure.json", {"message": "dbt could not build"})
    assert _rings(bell, (lambda: _answer(settings, _arrive(settings, "a")), 1)) == 1


def _answer(settings, submission_id: str) -> None:
    receipt = {"rows": {"read": 1, "accepted": 1, "held": 0, "refused": 0}, "answered_at": "", "verdict": "accepted"}
    ledger.record_answer(settings, submission_id, {**receipt, "rules_version": ""}, landing_sha256="0")


def test_a_trigger_is_made_again_from_what_it_serializes():
    path, arguments = LandingDoorbell(look_seconds=2.0, remind_seconds=7.0).serialize()
    assert path == "ingestion.bells.doorbell.LandingDoorbell"
    assert LandingDoorbell(**arguments).serialize()[1] == arguments


def _arrive(settings, name: str, *, age: timedelta = timedelta()) -> str:
    arrival = {
        "submission_id": f"LU-{name}",
        "country_code": "LU",
        "sha256": name,
        "size_bytes": 1,
        "original_name": name,
        "received_at": (datetime.now(UTC) - age).isoformat(timespec="seconds"),
        "arrived_via": "inbox",
    }
    ledger.record_arrival(settings, arrival, modified_ns=time.time_ns())
    return arrival["submission_id"]


def test_it_is_not_quiet_while_a_file_waits(settings):
    assert due.is_quiet(settings)
    _drop(settings)
    assert not due.is_quiet(settings)


def test_a_file_that_nobody_can_take_holds_up_nothing_for_ever(settings, monkeypatch):
    _drop(settings)
    monkeypatch.setattr(due, "LONGEST_WORK", timedelta())
    assert due.is_quiet(settings)


def test_it_is_not_quiet_while_a_submission_is_under_way(settings):
    _arrive(settings, "a")
    assert not due.is_quiet(settings)


def test_a_submission_that_failed_through_our_fault_is_waited_for_while_it_is_tried_again(settings):
    submission_id = _arrive(settings, "a")
    for _ in range(due.RETRIES):
        ledger.record_fault(settings, submission_id, "OSError: no")
        assert not due.is_quiet(settings)
    ledger.record_fault(settings, submission_id, "OSError: no")
    assert due.is_quiet(settings)


def test_a_submission_that_never_gets_an_answer_holds_up_nothing_for_ever(settings):
    _arrive(settings, "a", age=due.LONGEST_WORK + timedelta(seconds=1))
    assert due.is_quiet(settings)
