"""Warnings answered in place: for the very values, remembered in the next file, open again when a value changes."""

import json
import re

import pytest

from ingestion import ledger
from ingestion.intake import process_submission, receive
from ingestion.intake.justify import questions
from ingestion.languages import language_for
from ingestion.ledger.audit_log import audit_lines
from ingestion.ledger.chain import canonical_sha256
from ingestion.portal.correspondence.justify_pages import asked_of
from ingestion.portal.roles import Account
from ingestion.store.home import Home
from ingestion.warehouse.manifest import next_manifest
from tests.files import as_lines, csv_text, figures, write
from tests.portal_visits import patient_portal
from tests.portal_visits import signed_in as session_of
from tests.unit import test_portal as portal
from tests.unit import test_stewardship as small

pytestmark = pytest.mark.usefixtures("cheap_hashes")
cheap_hashes, desk_is_ready = portal.cheap_hashes, portal.desk_is_ready


@pytest.fixture
def app(settings):
    return patient_portal(settings)


def finding(cell, found, group="P18:MTB_01", rule="P18"):
    place = {"sheet": None, "row": int(cell[1:]), "column": "NUMERATOR", "cell": cell, "found": found}
    return {"rule": rule, "severity": "warning", "group": group, "indicator": group.partition(":")[2], **place}


def answered(settings, number, *findings):
    """A submission of Luxembourg that was answered with these warnings."""
    submission_id = small._send(settings, "LU", number)
    path = Home(settings.home).received / submission_id / "receipt.json"
    path.write_text(json.dumps({**small.RECEIPT, "findings": list(findings)}))
    return submission_id


def explain(client, submission_id, text="A new registry", group="P18:MTB_01", **fields):
    fields = {"token": client.token, "rule": "P18", "group": group, "text": text} | fields
    return client.post(f"/submissions/{submission_id}/justify", data=fields)


def signed_in(settings, app, **account):
    portal.invited(settings, **account)
    return session_of(app, account.get("email", "lu@example.org"))


def state(settings, submission_id):
    return [
        (each.group, each.is_open, each.answer and each.answer["text"]) for each in questions(settings, submission_id)
    ]


def test_an_answer_is_remembered_for_the_same_cells_and_open_again_for_others(settings, app):
    client = signed_in(settings, app)
    mtb, lbx = finding("L2", "7"), finding("L9", "30", "P18:LBX_01")
    first = answered(settings, 1, mtb, lbx)
    assert explain(client, first).status_code == 303
    assert state(settings, first) == [("P18:MTB_01", False, "A new registry"), ("P18:LBX_01", True, None)]
    same = answered(settings, 2, mtb, finding("L9", "31", "P18:LBX_01"))
    assert state(settings, same)[0] == ("P18:MTB_01", False, "A new registry")
    changed = answered(settings, 3, finding("L2", "8"))
    assert state(settings, changed) == [("P18:MTB_01", True, "A new registry")]
    assert explain(client, changed, "Still the new registry").status_code == 303
    assert state(settings, changed) == [("P18:MTB_01", False, "Still the new registry")]
    assert state(settings, first)[0][2] == "A new registry"


def test_what_was_said_of_one_indicator_answers_nothing_of_another_in_the_same_cells(settings):
    first = answered(settings, 1, finding("L2", "0"))
    small.justify(settings, first, "P18", text="The laboratory was closed", is_public=False)
    other = answered(settings, 2, finding("L2", "0", "P18:LBX_01"))
    assert state(settings, other) == [("P18:LBX_01", True, None)]


def test_what_was_said_of_one_year_answers_nothing_of_another_in_the_same_cells(settings, tmp_path):
    sent = []
    for year in ("2023", "2024"):
        everybody = {**figures()[0], "TIME_PERIOD": year, "NUMERATOR": "400"}
        path = write(tmp_path, f"{year}.csv", csv_text(as_lines([everybody])))
        sent.append(receive(settings, path, country_code="LU", arrived_via="command"))
        process_submission(settings, sent[-1])
    small.justify(settings, sent[0], "P23", text="The only patients there were", is_public=False)
    first, second = ({each.rule: each for each in questions(settings, each)}["P23"] for each in sent)
    assert (first.is_open, second.is_open) == (False, True)


def test_an_answer_to_a_receipt_that_names_no_period_still_holds(settings):
    first = answered(settings, 1, finding("L2", "7"))
    bound_to = canonical_sha256([[None, 2, "NUMERATOR", "L2", "7"]])
    said = {"submission_id": first, "rule": "P18", "text": "A new registry", "is_public": False}
    ledger.record_justification(settings, {**said, "cells_sha256": bound_to})
    assert state(settings, first) == [("P18:MTB_01", False, "A new registry")]


def test_the_command_answers_all_causes_of_a_rule_at_once(settings):
    first = answered(settings, 1, finding("L2", "7"), finding("L9", "30", "P18:LBX_01"))
    small.justify(settings, first, "P18", text="New registry", is_public=False)
    assert [is_open for _, is_open, _ in state(settings, first)] == [False, False]


def test_the_same_answer_again_is_one_answer(settings, app):
    client = signed_in(settings, app)
    first = answered(settings, 1, finding("L2", "7"))
    for _ in range(2):
        explain(client, first)
    assert len(ledger.justifications(settings)) == 1


def test_readers_get_what_is_marked_so_and_no_count(settings, app):
    client = signed_in(settings, app)
    first = answered(settings, 1, finding("L2", "7"))
    refused = explain(client, first, "Only 4 patients in 2024", public="yes")
    assert (refused.status_code, "small count: 4." in refused.text) == (400, True)
    explain(client, first, "Only 4 patients in 2024")
    assert next_manifest(settings)["justifications"] == []
    explain(client, first, "A registry since 2024", public="yes")
    assert [each["text"] for each in next_manifest(settings)["justifications"]] == ["A registry since 2024"]
    details = [json.loads(line["details"]) for line in audit_lines(settings, action="justify")]
    assert details == [{"is_public": False, "rule": "P18"}, {"is_public": True, "rule": "P18"}]


def test_who_only_reads_sees_what_readers_see(settings, app):
    client = signed_in(settings, app)
    first = answered(settings, 1, finding("L2", "7"), finding("L9", "30", "P18:LBX_01"))
    explain(client, first, "For the steward")
    explain(client, first, "For everybody", "P18:LBX_01", public="yes")
    shown = {}
    for role in ("viewer", "steward"):
        account = Account("a-1", "", role, ("LU",))
        asked = asked_of(settings, account, first, language_for("en"))
        shown[role] = [each["answer"]["text"] for each in asked]
    assert shown == {"viewer": ["For everybody"], "steward": ["For the steward", "For everybody"]}


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"text": " "}, 400), ({"text": "x" * 2001}, 400), ({"group": "P18:NONE"}, 409), ({"rule": "P99"}, 409)],
)
def test_what_explains_nothing_is_refused(settings, app, fields, status):
    client = signed_in(settings, app)
    assert explain(client, answered(settings, 1, finding("L2", "7")), **fields).status_code == status
    assert ledger.justifications(settings) == []


def test_the_answer_page_asks_and_shows_what_was_said_as_text(settings, app):
    client = signed_in(settings, app)
    everybody = [row | {"NUMERATOR": row["DENOMINATOR"]} if "NUMERATOR" in row else row for row in figures()]
    sent = portal.place_of(portal.upload(client, csv_text(as_lines(everybody)).encode()))
    assert "say on the page of its answer why it is right" in client.get(f"/uploads/{sent}").text
    client.post(f"/uploads/{sent}/send", data={"token": client.token})
    [asked, *_] = questions(settings, sent)
    text = "<script>alert(1)</script> ours"
    assert explain(client, sent, text, asked.group, rule=asked.rule).status_code == 303
    page = client.get(f"/submissions/{sent}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; ours" in page
    assert page.index("Please look at this") < page.index('href="#explain"') < page.index('id="explain"')
    assert not re.search(r"<style|<script>|\sstyle=|\son\w+=", page)
    steward = signed_in(settings, app, email="ada@example.org", role="steward")
    for path in ("/steward", f"/submissions/{sent}"):
        shown = steward.get(path).text
        assert "alert(1)&lt;/script&gt; ours" in shown
        assert "/justify" not in shown and 'href="#explain"' not in shown


def test_a_program_answers_what_is_asked_and_reads_what_was_said(settings, app):
    account = portal.invited(settings)
    headers, client = portal.bearer(settings, account.email), portal.browser(app)
    place = f"/api/v1/submissions/{answered(settings, 1, finding('L2', '7'))}"
    [asked] = client.get(f"{place}/questions?lang=fr", headers=headers).json()
    assert (asked["rule"], asked["cell_count"], asked["is_open"], asked["answer"]) == ("P18", 1, True, None)
    said = {"rule": "P18", "group": asked["group"], "text": "A new registry", "is_public": True}
    [now] = client.post(f"{place}/justifications", json=said, headers=headers).json()
    assert (now["is_open"], now["answer"]) == (False, {"text": "A new registry", "is_public": True})
    for wrong, status in (({"text": "Only 4 people"}, 400), ({"text": ""}, 400), ({"group": "P18:LBX_01"}, 409)):
        refused = client.post(f"{place}/justifications", json=said | wrong, headers=headers)
        assert (refused.status_code, bool(refused.json()["detail"])) == (status, True)
    [line] = audit_lines(settings)[-1:]
    assert (line["action"], line["account_id"]) == ("justify", account.account_id)
    [written] = client.post(f"{place}/messages", json={"text": "<b>Hello</b>"}, headers=headers).json()
    assert (written["text"], written["who"], written["is_steward"]) == ("<b>Hello</b>", account.email, False)
    assert client.get(f"{place}/messages", headers=headers).json() == [written]
