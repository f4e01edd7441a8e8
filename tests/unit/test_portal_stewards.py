"""The steward's screen: what it shows, and decisions that hold for what the steward saw and are made once."""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from ingestion import ledger
from ingestion.bells.due import is_publication_due
from ingestion.ledger.audit_log import audit_lines
from ingestion.portal.app import make_portal
from ingestion.portal.correspondence.story import story_of
from ingestion.release.drafts import drafts
from ingestion.settings import Settings
from ingestion.store.home import Home
from ingestion.store.published import current_release_id, point_at, withdrawal
from tests.portal_visits import signed_in
from tests.unit import test_portal as portal
from tests.unit import test_stewardship as small

pytestmark = pytest.mark.usefixtures("cheap_hashes")
cheap_hashes = portal.cheap_hashes
SEEN = re.compile(r'name="seen" value="([0-9a-f]+)"')
SOON = (datetime.now(UTC).date() + timedelta(days=3)).isoformat()


@pytest.fixture
def settings(tmp_path):
    settings = Settings(home=tmp_path / "home", publishing="approval")
    Home(settings.home).create()
    return settings


@pytest.fixture
def stewards(settings):
    """Two stewards who are signed in."""
    app = make_portal(settings)
    for name in ("ada", "grace"):
        portal.invited(settings, f"{name}@example.org", "steward")
    return [signed_in(app, f"{name}@example.org") for name in ("ada", "grace")]


def judged(settings, verdict="publish", suites=(), build_id="b-1"):
    """A build with its gate's result, for release 2026.1."""
    small._draft(settings, build_id)
    path = Home(settings.home).builds / build_id / "gate.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "verdict": verdict, "suites": list(suites)}))


def failing(settings):
    """A held file of France whose failure stands in the gate's result of its build."""
    small._send(settings, "FR", 1)
    small._hold(settings, "FR-1")
    result = small._gate()["suites"][0]["results"][0] | {"sentence": "The unit stays.", "observed": "<b>1</b>"}
    judged(settings, "hold_countries", [{"suite": "revision", "results": [result]}])


def seen_on(client, path, number=0):
    return SEEN.findall(client.get(path).text)[number]


def decide(client, path, seen, **fields):
    return client.post(path, data={"token": client.token, "seen": seen, "reason": "Because", **fields})


def test_the_screen_shows_what_needs_a_decision(settings, stewards):
    failing(settings)
    judged(settings, build_id="b-2")
    small._waive(settings, datetime.now(UTC).date() + timedelta(days=3))
    small._hold(settings, "FR-1", "REV_OTHER")
    small._send(settings, "PL", 1)
    ledger.record_fault(settings, "PL-1", "OSError: no room")
    shown = stewards[0].get("/steward").text
    for part in ("/steward/builds/b-2", "/steward/holds/FR-1", "REV_UNIT", "OSError: no room", "15 Dec 2026"):
        assert part in shown, part
    assert f"Reported: 2 of {shown.count('nothing accepted yet') + 2}" in shown
    in_german = stewards[0].get("/steward?lang=de").text
    assert '<html lang="de">' in in_german
    assert in_german.index(">Ungarn<") < in_german.index(">Zypern<")  # who is late by name, not by code


def test_rows_that_wait_for_their_sender_are_told_from_files_that_wait_for_the_steward(settings, stewards):
    waiting = {**small.RECEIPT, "verdict": "held"}
    for country in ("FR", "PL", "BE"):
        ledger.record_answer(settings, small._send(settings, country, 1), waiting, landing_sha256="0")
    text = "some rows wait for a corrected file"
    page = stewards[0].get("/steward").text
    assert (page.count(text), "Nothing waits for you." in page) == (3, True)
    assert ">held<" not in page
    small._hold(settings, "FR-1")
    small._set_aside(settings, "PL-1")
    page = stewards[0].get("/steward").text
    assert (page.count(text), "Nothing waits for you." in page) == (1, False)
    assert ">held by the checks of the release<" in page and ">set aside<" in page


@pytest.mark.parametrize("role", ["contact", "approver", "viewer"])
def test_only_stewards_have_a_screen(settings, role):
    judged(settings)
    portal.invited(settings, role=role)
    client = signed_in(make_portal(settings))
    paths = ("", "/builds/b-1", "/holds/LU-1", "/submissions/LU-1", "/releases/2026.1")
    posts = ("/builds/b-1/approve", "/builds/b-1/refuse", "/builds/b-1/waive", "/releases/2026.1/withdraw")
    assert {client.get(f"/steward{path}").status_code for path in paths} == {403}
    assert {decide(client, f"/steward{path}", "x").status_code for path in posts} == {403}
    assert ledger.decisions(settings) == []


def test_an_approval_holds_for_the_draft_that_was_seen(settings, stewards):
    judged(settings)
    seen = seen_on(stewards[0], "/steward/builds/b-1")
    folder = Home(settings.home).builds / "b-1"
    (folder / "warehouse.duckdb").write_bytes(b"other")
    for name in ("build", "gate"):
        path = folder / f"{name}.json"
        changed = {**json.loads(path.read_text()), "warehouse_sha256": hashlib.sha256(b"other").hexdigest()}
        path.write_text(json.dumps(changed))
    answer = decide(stewards[0], "/steward/builds/b-1/approve", seen)
    assert (answer.status_code, "is not as it was" in answer.text) == (409, True)
    assert decide(stewards[0], "/steward/builds/b-1/refuse", seen).status_code == 409
    assert [draft["state"] for draft in drafts(settings)] == ["waiting"]
    assert not is_publication_due(settings)
    now = seen_on(stewards[0], "/steward/builds/b-1")
    assert decide(stewards[0], "/steward/builds/b-1/approve", now).status_code == 303
    [draft] = drafts(settings)
    assert (draft["state"], draft["warehouse_sha256"]) == ("approved", now)
    assert is_publication_due(settings)
    line = audit_lines(settings, action="decide", subject="b-1")[-1]
    assert (json.loads(line["details"]), line["account_id"]) == ({"decision": "approve"}, draft["decided_by"])


def test_of_two_stewards_the_second_learns_who_decided_and_why(settings, stewards):
    judged(settings)
    seen = [seen_on(client, "/steward/builds/b-1") for client in stewards]
    paths = ("/steward/builds/b-1/refuse", "/steward/builds/b-1/approve")
    assert decide(stewards[0], paths[0], seen[0], reason="<i>Wrong</i> year").status_code == 303
    answer = decide(stewards[1], paths[1], seen[1])
    assert answer.status_code == 409
    assert "ada@example.org has decided on this already" in answer.text
    assert "&lt;i&gt;Wrong&lt;/i&gt; year" in answer.text
    assert [each["action"] for each in ledger.decisions(settings)] == ["refuse"]


def test_an_embargo_is_a_moment_in_utc(settings, stewards):
    judged(settings)
    seen = seen_on(stewards[0], "/steward/builds/b-1")
    decide(stewards[0], "/steward/builds/b-1/approve", seen, embargo="2999-12-01T09:00")
    assert drafts(settings)[0]["embargo_until"] == "2999-12-01T09:00:00+00:00"
    assert not is_publication_due(settings)
    assert decide(stewards[1], "/steward/builds/b-1/refuse", seen).status_code == 303


def test_a_hold_is_ended_once(settings, stewards):
    failing(settings)
    small._answered(settings, "FR-1")
    seen = seen_on(stewards[0], "/steward/holds/FR-1")
    assert decide(stewards[0], "/steward/holds/FR-1/release", seen, reason="New method").status_code == 303
    assert ledger.holds_in_force(settings) == []
    answer = decide(stewards[1], "/steward/holds/FR-1/release", seen)
    assert (answer.status_code, "New method" in answer.text) == (409, True)
    story = [(event.name, event.said) for event in story_of(settings, {"submission_id": "FR-1", "releases": []})]
    assert ("Held by a check of the release", "s") in story
    assert story[-1] == ("No longer held", "New method")


def test_a_file_is_set_aside_and_counts_again(settings, stewards):
    small._send(settings, "FR", 1)
    small._answered(settings, "FR-1")
    path = "/steward/submissions/FR-1"
    assert path in stewards[0].get("/submissions/FR-1").text
    before = seen_on(stewards[0], path)
    assert decide(stewards[0], f"{path}/set_aside", before, reason="<b>Wrong</b> year").status_code == 303
    assert decide(stewards[1], f"{path}/set_aside", before).status_code == 409
    assert ledger.set_aside_now(settings)["FR-1"]["reason"] == "<b>Wrong</b> year"
    for page in ("/steward", path, "/submissions/FR-1"):
        assert "&lt;b&gt;Wrong&lt;/b&gt; year" in stewards[1].get(page).text, page
    assert "Reported: 0 of" in stewards[0].get("/steward").text
    assert decide(stewards[1], f"{path}/count_again", seen_on(stewards[1], path)).status_code == 303
    assert ledger.set_aside_now(settings) == {}
    assert decide(stewards[1], f"{path}/delete", seen_on(stewards[1], path)).status_code == 404
    told = [(event.name, event.said) for event in story_of(settings, {"submission_id": "FR-1", "releases": []})]
    assert told[-2:] == [("Set aside by the steward", "<b>Wrong</b> year"), ("Counts again", "Because")]


def test_a_waiver_is_given_once_and_shows_what_failed_as_text(settings, stewards, monkeypatch):
    failing(settings)
    monkeypatch.setattr("ingestion.intake.hold.answer_as_it_stands", lambda *_: None)  # the receipt is not of this test
    page = stewards[0].get("/steward/builds/b-1").text
    assert "&lt;b&gt;1&lt;/b&gt;" in page
    assert not re.search(r"<style|<script>|\sstyle=|\son\w+=", page)
    path, seen = "/steward/builds/b-1/waive", SEEN.findall(page)[-1]
    fields = {"expectation": "REV_UNIT", "country": "FR"}
    assert decide(stewards[0], path, seen, **fields, until="soon").status_code == 400
    assert decide(stewards[0], path, seen, **{**fields, "country": "PL"}, until=SOON).status_code == 409
    assert decide(stewards[0], path, seen, **fields, until=SOON).status_code == 303
    assert decide(stewards[1], path, seen, **fields, until=SOON).status_code == 409
    [waiver] = ledger.waivers(settings)
    assert (waiver["country_code"], waiver["until_on"]) == ("FR", SOON)
    assert ledger.holds_in_force(settings) == []


def test_releases_are_withdrawn_and_pointed_at_as_they_were_seen(settings, stewards):
    small._send(settings, "FR", 1)
    for number in (1, 2):
        folder = Home(settings.home).releases / f"2026.{number}"
        folder.mkdir()
        described = {"release_id": folder.name, "release_sequence": number, "published_at": "2026-11-25T10:00:00+00:00"}
        (folder / "release.json").write_text(json.dumps(described))
        made_of = {"release_id": folder.name, "submissions": ["FR-1"] * (number - 1)}
        france = {"submission_id": "FR-1", "country_code": "FR"}
        manifest = {"inputs_hash": str(number), "submissions": [france], "releases": [made_of]}
        manifest["current_release_id"] = None
        (folder / "manifest.json").write_text(json.dumps(manifest))
        point_at(settings, folder.name)
    seen = seen_on(stewards[0], "/steward/releases/2026.1")
    assert decide(stewards[0], "/steward/releases/2026.1/rollback", seen).status_code == 303
    assert current_release_id(settings) == "2026.1"
    assert decide(stewards[1], "/steward/releases/2026.1/withdraw", seen).status_code == 409
    now = seen_on(stewards[1], "/steward/releases/2026.2")
    assert decide(stewards[1], "/steward/releases/2026.2/withdraw", now, reason="Wrong year").status_code == 303
    assert withdrawal(settings, "2026.2")["reason"] == "Wrong year"
    pages = [stewards[0].get(f"/steward/releases/2026.{number}").text for number in (1, 2)]
    assert ["/steward/submissions/FR-1" in page for page in pages] == [False, True]
    assert stewards[0].get("/steward/releases/2026.3").status_code == 404
    assert decide(stewards[0], "/steward/releases/2026.1/delete", now).status_code == 404


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 2001])
def test_a_decision_needs_a_reason_of_some_length(settings, stewards, reason):
    judged(settings)
    seen = seen_on(stewards[0], "/steward/builds/b-1")
    assert decide(stewards[0], "/steward/builds/b-1/approve", seen, reason=reason).status_code == 400
    assert ledger.decisions(settings) == []


@pytest.mark.parametrize("path", ["builds/b-1/approve", "builds/b-1/refuse", "builds/b-1/waive", "releases/1/withdraw"])
def test_a_decision_comes_by_a_form_of_ours(settings, stewards, path):
    judged(settings)
    seen = seen_on(stewards[0], "/steward/builds/b-1")
    stewards[0].token = stewards[1].token
    fields = {"expectation": "REV_UNIT", "until": SOON}
    assert decide(stewards[0], f"/steward/{path}", seen, **fields).status_code == 400
    assert ledger.decisions(settings) == []
