"""Four eyes: nothing enters the intake before a second person has approved it, by whatever door it comes."""

import json

import pytest
from click.testing import CliRunner

from ingestion import ledger
from ingestion.cli.main import pcm
from ingestion.intake import claim_pending
from ingestion.ledger.audit_log import audit_lines
from ingestion.ledger.four_eyes import ask_second_person
from ingestion.portal.correspondence.statements import NotDone
from ingestion.portal.sending import drafts, four_eyes
from ingestion.store.home import Home
from tests.portal_visits import patient_portal, sent_and_answered, signed_in
from tests.unit import test_portal as portal

pytestmark = pytest.mark.usefixtures("cheap_hashes")
cheap_hashes, desk_is_ready = portal.cheap_hashes, portal.desk_is_ready


@pytest.fixture
def app(settings):
    ask_second_person(settings, "LU", is_asked=True)
    portal.invited(settings, "first@example.org")
    portal.invited(settings, "second@example.org", "approver")
    return patient_portal(settings)


@pytest.fixture
def people(app):
    return [signed_in(app, f"{who}@example.org") for who in ("first", "second")]


def post(client, path, **fields):
    return client.post(path, data={"token": client.token, **fields})


def put_forward(client, data=b"x"):
    upload_id = portal.place_of(portal.upload(client, data))
    assert post(client, f"/uploads/{upload_id}/send").headers["location"] == f"/uploads/{upload_id}"
    return upload_id


def test_what_one_sends_another_approves(settings, people):
    first, second = people
    not_sent = portal.place_of(portal.upload(first, b"another"))
    upload_id = put_forward(first)
    assert ledger.submissions(settings) == []
    assert "waits for a second person" in first.get(f"/uploads/{upload_id}").text
    assert (upload_id in second.get("/").text, not_sent in second.get("/").text) == (True, False)
    assert [second.get(f"/uploads/{each}").status_code for each in (upload_id, not_sent)] == [200, 404]
    assert post(second, f"/uploads/{not_sent}/approve").status_code == 409
    assert post(second, f"/uploads/{upload_id}/approve").headers["location"] == f"/submissions/{upload_id}"
    [entry] = ledger.submissions(settings)
    receipt = json.loads((Home(settings.home).received / upload_id / "receipt.json").read_text())
    assert (entry["submission_id"], entry["arrived_via"]) == (upload_id, "portal")
    lines = [line for line in audit_lines(settings, subject=upload_id) if line["action"] != "receipt"]
    assert [line["action"] for line in lines] == ["upload", "put forward", "approve upload", "send"]
    accounts = [line["account_id"] for line in lines]
    assert accounts[0] == accounts[1] == accounts[3] == receipt["sender"] != accounts[2]
    assert post(second, f"/uploads/{upload_id}/approve").status_code == 404


def test_what_is_returned_shows_why_and_can_be_sent_again(settings, people):
    first, second = people
    upload_id = put_forward(first)
    assert post(second, f"/uploads/{upload_id}/return").status_code == 400
    assert post(second, f"/uploads/{upload_id}/return", reason="<b>Wrong</b> year").status_code == 303
    assert "&lt;b&gt;Wrong&lt;/b&gt; year" in first.get(f"/uploads/{upload_id}").text
    assert post(second, f"/uploads/{upload_id}/approve").status_code == 409
    assert ledger.submissions(settings) == []
    post(first, f"/uploads/{upload_id}/send")
    assert post(second, f"/uploads/{upload_id}/approve").status_code == 303
    assert len(ledger.submissions(settings)) == 1


def test_nobody_approves_what_they_sent_themselves(settings, app):
    account = portal.invited(settings, "first@example.org")
    draft = drafts.find_draft(settings, portal._kept(settings, account))
    four_eyes.put_forward(settings, draft, account)
    with pytest.raises(NotDone, match="another person must approve"):
        four_eyes.approve(settings, draft, portal.invited(settings, "first@example.org", "approver"))
    assert ledger.submissions(settings) == []


def test_what_was_discarded_meanwhile_does_not_come_back(settings, people):
    first, second = people
    upload_id = put_forward(first)
    draft = drafts.find_draft(settings, upload_id)
    post(first, f"/uploads/{upload_id}/discard")
    with pytest.raises(NotDone):
        four_eyes.put_forward(settings, draft, four_eyes.FOLDER)
    assert post(second, f"/uploads/{upload_id}/return", reason="Late").status_code == 404
    assert not draft.folder.exists()


def test_a_program_is_told_that_a_second_person_is_asked(settings, app):
    headers, client = portal.bearer(settings, "first@example.org"), portal.browser(app)
    upload_id = client.post("/api/v1/uploads?country=LU", content=b"x", headers=headers).json()["upload_id"]
    assert client.post(f"/api/v1/uploads/{upload_id}/send", headers=headers).status_code == 202
    assert drafts.find_draft(settings, upload_id).approval["state"] == "waiting"


def test_the_folder_and_the_command_line_are_no_way_round(settings, app, tmp_path):
    for country in ("LU", "BE"):
        folder = Home(settings.home).inbox / country
        folder.mkdir()
        (folder / "figures.csv").write_bytes(b"x")
    assert [submission_id[:2] for submission_id in claim_pending(settings)] == ["BE"]
    [draft] = drafts.drafts_of(settings, "LU")
    assert (draft.approval["state"], draft.approval["account_id"]) == ("waiting", "inbox")
    assert not list(Home(settings.home).inbox.rglob("*.csv"))
    first = four_eyes.approve(settings, draft, portal.invited(settings, "second@example.org", "approver"))
    assert sent_and_answered(settings, draft, first)["sender"] == "inbox"
    assert {entry["country_code"] for entry in ledger.submissions(settings)} == {"BE", "LU"}
    path = tmp_path / "figures.csv"
    path.write_bytes(b"y")
    asked = CliRunner().invoke(pcm, ["--home", str(settings.home), "submit", str(path), "--country", "LU"])
    assert "a second person approves" in str(asked.exception)


def test_what_was_sent_before_is_answered_again_and_waits_for_nobody(settings, app):
    folder = Home(settings.home).inbox / "LU"
    folder.mkdir()
    (folder / "figures.csv").write_bytes(portal.GOOD)
    claim_pending(settings)
    [draft] = drafts.drafts_of(settings, "LU")
    sent_and_answered(settings, draft, portal.invited(settings))
    (folder / "again.csv").write_bytes(portal.GOOD)
    assert claim_pending(settings) == []
    assert drafts.drafts_of(settings, "LU") == []
    assert draft.upload_id in (folder / "receipts" / "again.csv.receipt.html").read_text()


def test_a_country_asks_for_a_second_person_only_when_it_has_one(settings):
    def run(*words):
        return CliRunner().invoke(pcm, ["--home", str(settings.home), "contact", "four-eyes", *words])

    assert "LU has nobody who could approve" in str(run("LU", "on").exception)
    assert "XX is not on the roster" in str(run("XX", "on").exception)
    portal.invited(settings, role="approver")
    assert run("LU", "on").exit_code == run("LU", "off").exit_code == 0
    client = signed_in(patient_portal(settings))
    assert client.get("/").status_code == 200
    assert [json.loads(line["details"])["is_asked"] for line in audit_lines(settings, action="four eyes")] == [
        True,
        False,
    ]
