"""Holds, waivers, decisions and drafts on a small ledger; the chain shows them at work."""

import hashlib
import json
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from expectations.waivers import CHANGED, excuse
from ingestion import ledger
from ingestion.errors import UsageError
from ingestion.intake.answer import answer_as_it_stands
from ingestion.intake.justify import justify
from ingestion.intake.set_aside import count_again, set_aside
from ingestion.release.drafts import approve, changed_drafts, drafts, publish_approved, refuse
from ingestion.settings import Settings
from ingestion.store.home import Home
from ingestion.store.published import point_at
from ingestion.warehouse import manifest
from ingestion.warehouse.judged import failures_to_waive
from ingestion.warehouse.manifest import new_submissions, next_manifest

TOMORROW = datetime.now(UTC).date() + timedelta(days=1)
WAIVED = {
    "expectation": "REV_UNIT",
    "indicator_code": None,
    "waived_by": "Ada",
    "reason": "New registry",
    "until_on": TOMORROW.isoformat(),
}
RECEIPT = {
    "answered_at": "2026-11-25T10:00:00+00:00",
    "verdict": "accepted",
    "rules_version": "1",
    "rows": {"read": 1, "accepted": 1, "held": 0, "refused": 0},
    "findings": [
        {"rule": "P18", "severity": "warning", "sheet": None, "row": 2, "column": "N", "cell": "N2", "found": "7"}
    ],
}


@pytest.fixture
def settings(tmp_path) -> Settings:
    settings = Settings(home=tmp_path / "home", publishing="approval")
    Home(settings.home).create()
    return settings


def _send(settings: Settings, country: str, number: int) -> str:
    submission_id = f"{country}-{number}"
    arrival = {
        "submission_id": submission_id,
        "country_code": country,
        "sha256": "0",
        "size_bytes": 1,
        "original_name": "f.csv",
        "received_at": "2026-11-25T10:00:00+00:00",
        "arrived_via": "inbox",
    }
    ledger.record_arrival(settings, arrival, modified_ns=number)
    ledger.record_answer(settings, submission_id, RECEIPT, landing_sha256="0")
    folder = Home(settings.home).received / submission_id
    folder.mkdir()
    (folder / "receipt.json").write_text(json.dumps(RECEIPT))
    return submission_id


def _answered(settings: Settings, submission_id: str) -> None:
    """What the portal has of a submission: the receipt that it shows, and how it came."""
    arrival = {"arrived_via": "portal", "country_code": submission_id[:2], "original_name": "f.csv"}
    receipt = {**RECEIPT, "findings": [], "groups": [], "indicators": [], "submission_id": submission_id}
    receipt |= {"submission": {"original_name": "f.csv", "country_code": submission_id[:2], "sha256": "0"}}
    receipt |= {"received_at": "2026-11-25T10:00:00+00:00"}
    folder = Home(settings.home).received / submission_id
    (folder / "arrival.json").write_text(json.dumps(arrival))
    (folder / "receipt.json").write_text(json.dumps(receipt))
    answer_as_it_stands(settings, submission_id)


def _hold(settings: Settings, submission_id: str, expectation: str = "REV_UNIT") -> None:
    last = max(entry["sequence_number"] for entry in ledger.submissions(settings))
    hold = {"submission_id": submission_id, "country_code": submission_id[:2], "build_id": "b-1"}
    ledger.record_holds(settings, [{**hold, "expectation": expectation, "sentence": "s", "last_sequence_number": last}])


def _counted(settings: Settings) -> list[str]:
    return next_manifest(settings)["releases"][-1]["submissions"]


def test_a_hold_lasts_until_its_country_sends_something_newer(settings):
    for country in ("FR", "PL"):
        _send(settings, country, 1)
    _hold(settings, "FR-1")
    _hold(settings, "FR-1")
    assert len(ledger.holds_in_force(settings)) == 1
    assert (_counted(settings), next_manifest(settings)["is_rebuild"]) == (["PL-1"], True)
    _send(settings, "PL", 2)
    assert (_counted(settings), next_manifest(settings)["is_rebuild"]) == (["PL-1", "PL-2"], False)
    _send(settings, "FR", 2)
    assert _counted(settings) == ["FR-1", "PL-1", "PL-2", "FR-2"]
    assert new_submissions(next_manifest(settings)) == {"FR": ["FR-1", "FR-2"], "PL": ["PL-1", "PL-2"]}


def test_a_steward_releases_a_hold_with_a_reason(settings):
    _send(settings, "FR", 1)
    _hold(settings, "FR-1")
    with pytest.raises(UsageError, match="needs a name"):
        ledger.release_hold(settings, "FR-1", by=" ", reason="fine")
    before = next_manifest(settings)["inputs_hash"]
    ledger.release_hold(settings, "FR-1", by="Ada", reason="They changed the method")
    assert _counted(settings) == ["FR-1"]
    assert next_manifest(settings)["inputs_hash"] != before
    with pytest.raises(UsageError, match="FR-1 is not held"):
        ledger.release_hold(settings, "FR-1", by="Ada", reason="again")
    # The same build is judged with the same result: it is held again.
    _hold(settings, "FR-1")
    assert _counted(settings) == []


def _set_aside(settings: Settings, submission_id: str) -> None:
    ledger.set_aside(settings, submission_id, by="Ada", reason="Wrong year")


def test_what_is_set_aside_is_in_no_manifest_until_it_counts_again(settings):
    for number in (1, 2):
        _send(settings, "FR", number)
    before = next_manifest(settings)
    _set_aside(settings, "FR-2")
    assert _counted(settings) == ["FR-1"]
    assert next_manifest(settings)["inputs_hash"] != before["inputs_hash"]
    assert [entry["submission_id"] for entry in ledger.landed_submissions(settings, "FR")] == ["FR-1"]
    _send(settings, "PL", 1)  # what another country sends does not bring it back
    assert _counted(settings) == ["FR-1", "PL-1"]
    ledger.count_again(settings, "FR-2", by="Grace", reason="It was right")
    assert _counted(settings) == ["FR-1", "FR-2", "PL-1"]
    assert [each["action"] for each in ledger.decisions(settings)] == ["set_aside", "count_again"]
    assert ledger.broken_decision(settings) is None


def test_only_what_counts_is_set_aside_and_only_what_is_set_aside_counts_again(settings):
    _send(settings, "FR", 1)
    with pytest.raises(UsageError, match="FR-1 is not set aside"):
        ledger.count_again(settings, "FR-1", by="Ada", reason="r")
    _set_aside(settings, "FR-1")
    with pytest.raises(UsageError, match="Ada has set FR-1 aside already: Wrong year"):
        _set_aside(settings, "FR-1")
    with pytest.raises(UsageError, match="There is no submission FR-9"):
        _set_aside(settings, "FR-9")
    ledger.record_answer(settings, _send(settings, "PL", 1), RECEIPT, landing_sha256=None)
    with pytest.raises(UsageError, match="No row of PL-1 was accepted"):
        _set_aside(settings, "PL-1")


def test_a_held_file_that_is_set_aside_waits_for_nobody_and_is_held_again_if_it_is_to_count(settings):
    _send(settings, "FR", 1)
    _hold(settings, "FR-1")
    _set_aside(settings, "FR-1")
    assert ledger.holds_in_force(settings) == []
    ledger.count_again(settings, "FR-1", by="Ada", reason="r")
    assert [hold["submission_id"] for hold in ledger.holds_in_force(settings)] == ["FR-1"]


def test_a_build_with_a_file_that_was_set_aside_is_not_published(settings):
    _send(settings, "FR", 1)
    _draft(settings, submissions=("FR-1",))
    _draft(settings, "b-2")
    approve(settings, "b-1", by="Ada", reason="Fine", embargo="2026-12-01T00:00Z")
    _set_aside(settings, "FR-1")
    later = datetime(2027, 1, 1, tzinfo=UTC)
    assert publish_approved(settings, now=later) is None
    assert "has the figures of FR-1, which Ada set aside (Wrong year)" in changed_drafts(settings, now=later)["b-1"]
    refuse(settings, "b-1", by="Ada", reason="FR-1")
    _draft(settings, "b-3", submissions=("FR-1",))
    with pytest.raises(UsageError, match="has the figures of FR-1"):
        approve(settings, "b-3", by="Ada", reason="Fine")
    approve(settings, "b-2", by="Ada", reason="Fine", embargo="2999-12-01T00:00Z")


def test_its_sender_reads_why_a_file_was_set_aside_until_it_counts_again(settings):
    _send(settings, "FR", 1)
    _answered(settings, "FR-1")
    page = Home(settings.home).received / "FR-1" / "receipt.html"
    first = page.read_bytes()
    set_aside(settings, "FR-1", by="Ada", reason="<b>Wrong</b> year")
    assert "&lt;b&gt;Wrong&lt;/b&gt; year" in page.read_text()
    count_again(settings, "FR-1", by="Ada", reason="r")
    assert page.read_bytes() == first


def _gate(cells: str = "a" * 64) -> dict:
    failure = {"country_code": "FR", "row_count": 1, "cells_sha256": cells}
    result = {"expectation": "REV_UNIT", "severity": "critical", "scope": "country", "success": False}
    hidden = {"expectation": "DIS_NUMERATOR", "severity": "critical", "scope": "release", "success": False}
    passed = {**result, "expectation": "REV_GONE", "success": True, "failures": []}
    suites = [
        {"suite": "revision", "results": [{**result, "failures": [failure]}, passed]},
        {"suite": "disclosure", "results": [{**hidden, "failures": [{"row_count": 1, "cells_sha256": cells}]}]},
    ]
    raised = {**result, "expectation": "units:ran", "scope": "release", "failures": []}
    return {"build_id": "b-1", "suites": [*suites, {"suite": "units", "results": [raised]}]}


def _waive(settings: Settings, until: date = TOMORROW, expectation: str = "REV_UNIT") -> None:
    failures = failures_to_waive(_gate(), expectation, country_code="FR")
    ledger.record_waivers(settings, failures, by="Ada", reason="New registry", until=until)


def test_a_waiver_excuses_the_same_figures_and_no_others(settings):
    _send(settings, "FR", 1)
    _hold(settings, "FR-1")
    _waive(settings)
    assert ledger.holds_in_force(settings) == []
    waivers = next_manifest(settings)["waivers"]
    same, changed = _gate()["suites"], _gate("b" * 64)["suites"]
    excuse(same, waivers)
    excuse(changed, waivers)
    told = {"waived_by": "Ada", "reason": "New registry", "until_on": TOMORROW.isoformat()}
    assert (same[0]["results"][0]["is_waived"], same[0]["results"][0]["failures"][0]["waiver"]) == (True, told)
    assert changed[0]["results"][0]["is_waived"] is False
    assert changed[0]["results"][0]["failures"][0]["note"] == CHANGED


def test_an_expired_waiver_excuses_nothing_even_when_the_clock_is_set_back(settings):
    _send(settings, "FR", 1)
    _waive(settings)
    assert len(next_manifest(settings)["waivers"]) == 1
    folder = Home(settings.home).releases / "2026.1"
    folder.mkdir()
    (folder / "release.json").write_text(json.dumps({"release_id": "2026.1", "release_sequence": 1}))
    # The current release was built on a day that this clock has not reached yet.
    later = {
        "built_on": (TOMORROW + timedelta(days=1)).isoformat(),
        "releases": [{"release_id": "2026.1", "submissions": []}],
    }
    (folder / "manifest.json").write_text(json.dumps(later))
    point_at(settings, "2026.1")
    assert next_manifest(settings)["waivers"] == []


def test_a_waiver_that_expires_makes_a_build_due(settings, monkeypatch):
    _send(settings, "FR", 1)
    _waive(settings, until=TOMORROW)
    with_waiver = next_manifest(settings)["inputs_hash"]
    for days, is_same in ((0, True), (1, False)):
        day = (TOMORROW + timedelta(days=days)).isoformat()
        monkeypatch.setattr(manifest, "_today", lambda _, day=day: day)
        assert (next_manifest(settings)["inputs_hash"] == with_waiver) is is_same


def test_of_two_stewards_at_once_one_decides(settings):
    _draft(settings)
    start = threading.Barrier(2)

    def decide(name: str) -> str:
        start.wait()
        try:
            approve(settings, "b-1", by=name, reason="Fine", embargo="2999-01-01T00:00Z")
        except UsageError as error:
            return str(error)
        return "approved"

    with ThreadPoolExecutor(2) as pool:
        first, second = sorted(pool.map(decide, ["Ada", "Grace"]))
    assert first == "approved"
    assert second.startswith("b-1 was approved by ")
    assert len(ledger.decisions(settings, "approve")) == 1


@pytest.mark.parametrize(
    ("expectation", "until", "told"),
    [
        ("REV_UNITS", TOMORROW, "There is no expectation REV_UNITS. Did you mean REV_UNIT?"),
        ("units:ran", TOMORROW, "There is no expectation units:ran."),
        ("REV_GONE", TOMORROW, "REV_GONE did not fail for FR in b-1"),
        ("DIS_NUMERATOR", TOMORROW, "DIS_NUMERATOR protects people"),
        ("REV_UNIT", date(2026, 1, 1), "has passed"),
    ],
)
def test_a_waiver_that_excuses_nothing_is_refused(settings, expectation, until, told):
    with pytest.raises(UsageError, match=told.replace("?", r"\?")):
        _waive(settings, until, expectation)
    assert ledger.waivers(settings) == ledger.decisions(settings) == []


def test_decisions_are_a_chain_that_shows_each_change(settings):
    for number in range(3):
        ledger.decide(settings, "rollback", f"2026.{number}", by="Ada", reason="r")
    assert ledger.broken_decision(settings) is None
    with sqlite3.connect(Home(settings.home).ledger) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="only added to"):
            connection.execute("update decisions set reason = 'other' where decision_id = 2")
        connection.execute("drop trigger decisions_no_update")
        connection.execute("update decisions set reason = 'other' where decision_id = 2")
    assert ledger.broken_decision(settings) == 2


def _draft(settings: Settings, build_id: str = "b-1", submissions: tuple[str, ...] = ()) -> None:
    folder = Home(settings.home).builds / build_id
    folder.mkdir()
    content = build_id.encode()
    (folder / "warehouse.duckdb").write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    for name, value in {
        "manifest": {"build_id": build_id, "release_id": "2026.1", "release_sequence": 1, "inputs_hash": build_id}
        | {"releases": [{"submissions": list(submissions)}]},
        "build": {"warehouse_sha256": sha256},
        "gate": {"build_id": build_id, "warehouse_sha256": sha256, "verdict": "publish", "suites": []},
    }.items():
        (folder / f"{name}.json").write_text(json.dumps(value))


def test_of_two_stewards_the_first_decides_and_the_second_is_told(settings):
    _draft(settings)
    refuse(settings, "b-1", by="Ada", reason="Wrong year")
    with pytest.raises(UsageError, match=r"b-1 was refused by Ada on .*: Wrong year"):
        approve(settings, "b-1", by="Grace", reason="Fine")
    with pytest.raises(UsageError, match="b-1 was refused by Ada"):
        refuse(settings, "b-1", by="Grace", reason="Yes")
    assert [draft["state"] for draft in drafts(settings)] == ["refused"]


def test_two_drafts_of_one_release_are_not_both_approved(settings):
    _draft(settings)
    _draft(settings, "b-2")
    approve(settings, "b-1", by="Ada", reason="Fine", embargo="2999-01-01T00:00Z")
    with pytest.raises(UsageError, match=r"2026\.1 is to be b-1, approved by Ada"):
        approve(settings, "b-2", by="Grace", reason="Finer")
    refuse(settings, "b-1", by="Ada", reason="b-2 is better")
    approve(settings, "b-2", by="Grace", reason="Finer", embargo="2999-01-01T00:00Z")


def test_a_build_that_has_changed_is_neither_approved_nor_published(settings):
    _draft(settings)
    warehouse = Home(settings.home).builds / "b-1" / "warehouse.duckdb"
    approve(settings, "b-1", by="Ada", reason="Fine", embargo="2026-12-01T00:00Z")
    warehouse.write_bytes(b"other")
    assert publish_approved(settings, now=datetime(2027, 1, 1, tzinfo=UTC)) is None
    assert "has changed since it was made" in changed_drafts(settings)["b-1"]
    (warehouse.parent / "build.json").write_text(json.dumps({"warehouse_sha256": hashlib.sha256(b"other").hexdigest()}))
    assert publish_approved(settings, now=datetime(2027, 1, 1, tzinfo=UTC)) is None
    assert "has changed since it was approved by Ada" in changed_drafts(settings)["b-1"]


def test_a_draft_is_not_published_after_the_end_of_a_waiver_that_it_rests_on(settings):
    _draft(settings)
    suites = _gate()["suites"][:1]
    excuse(suites, [{**suites[0]["results"][0]["failures"][0], **WAIVED}])
    path = Home(settings.home).builds / "b-1" / "gate.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"suites": suites}))
    too_late = datetime(TOMORROW.year + 1, 1, 1, tzinfo=UTC)
    with pytest.raises(UsageError, match=f"rests on a waiver of REV_UNIT that ends on {TOMORROW}"):
        approve(settings, "b-1", by="Grace", reason="Fine", embargo=too_late.isoformat())
    approve(settings, "b-1", by="Grace", reason="Fine", embargo=f"{TOMORROW}T00:00Z")
    assert changed_drafts(settings) == {}
    assert publish_approved(settings, now=too_late) is None
    assert "rests on a waiver of REV_UNIT" in changed_drafts(settings, now=too_late)["b-1"]


@pytest.mark.parametrize("embargo", ["tomorrow", "2026-12-01T09:00"])
def test_an_embargo_is_a_moment_with_its_offset(settings, embargo):
    _draft(settings)
    with pytest.raises(UsageError, match="must be a moment with its offset"):
        approve(settings, "b-1", by="Ada", reason="Fine", embargo=embargo)


def test_a_public_justification_is_in_the_manifest_until_another_replaces_it(settings):
    _send(settings, "FR", 1)
    assert justify(settings, "FR-1", "P18", text="12 patients moved", is_public=False) == 1
    assert justify(settings, "FR-1", "P18", text="New registry since 2024", is_public=True) == 1
    assert [each["text"] for each in next_manifest(settings)["justifications"]] == ["New registry since 2024"]
    justify(settings, "FR-1", "P18", text="12 patients moved", is_public=False)
    assert next_manifest(settings)["justifications"] == []


@pytest.mark.parametrize(
    ("submission", "rule", "text", "told"),
    [
        ("FR-9", "P18", "t", "no answered submission FR-9"),
        ("FR-1", "P19", "t", "FR-1 has no warning P19. Its warnings: P18."),
        ("FR-1", "P18", " ", "needs a text"),
        ("FR-1", "P18", "Only 4 patients in 2024", "no number but years, because it could be a small count: 4"),
    ],
)
def test_a_justification_that_explains_nothing_is_refused(settings, submission, rule, text, told):
    _send(settings, "FR", 1)
    with pytest.raises(UsageError, match=told):
        justify(settings, submission, rule, text=text, is_public=True)
    assert ledger.justifications(settings) == []
