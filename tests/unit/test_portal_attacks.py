"""Attacks by files, names and texts, after OWASP's list for uploads
(https://cheatsheetseries.owasp.org/cheatsheets/File_Upload_Cheat_Sheet.html): nothing gets in, nothing gets out as
anything but text. Files that harm their reader are in `tests/hostile`."""

import asyncio
import io
import itertools
import json
import threading
from html.parser import HTMLParser
from urllib.parse import urldefrag

import pytest
from openpyxl import load_workbook

from ingestion import ledger
from ingestion.intake.justify import questions
from ingestion.ledger.audit_log import audit_lines
from ingestion.ledger.four_eyes import ask_second_person
from ingestion.portal.entrance import accounts
from ingestion.portal.roles import Account
from ingestion.portal.sending import drafts
from ingestion.portal.web import refusals
from ingestion.portal.web.forms import MOST_FILES
from ingestion.portal.web.guard import MEGABYTE, PIECE_BYTES, Guard
from ingestion.settings import Settings
from tests.files import as_lines, csv_text, figures
from tests.portal_visits import bearer, browser, cheap_hashes, desk_is_ready, invited, patient_portal, signed_in
from tests.unit.test_portal import GOOD, place_of, upload
from tests.unit.test_portal_stewards import judged
from tests.unit.test_stewardship import _gate

pytestmark = pytest.mark.usefixtures("cheap_hashes")
assert cheap_hashes
assert desk_is_ready

PLANT = """"><script>alert(1)</script><img src=x onerror='alert(1)'>"""
FORMULA = "=cmd|' /C calc'!A0"


@pytest.fixture
def app(settings):
    return patient_portal(settings)


@pytest.fixture
def contact(settings, app):
    """A contact whose files nobody examines: the workers are busy."""
    invited(settings)
    app.state.patience_seconds, go = 0, threading.Event()
    for code in ("BE", "NL"):
        app.state.turns.ask(f"block {code}", code, go.wait)
    yield signed_in(app)
    go.set()


# Names and types


NAMES = [
    "figures.csv.exe",
    "figures.php%00.csv",
    "shell.jsp;.csv",
    ".htaccess",
    "con.csv",
    "f\u0456gures.\u0441sv",  # Cyrillic letters that look like Latin ones
    "figures\u200b.csv",
    "\u200fvsc.exe",
    "a\u2028Set-Cookie: x=1.csv",
    "a\x85b\x9b31m.csv",
    "a\r\nContent-Type: text/html\r\n\r\n<script>.csv",
    "\U0001f600" * 300,
    "%s%n${jndi:ldap://x}{{7*7}}.csv",
]
KINDS = ["text/html", "image/svg+xml", "", "x" * 300]


def test_neither_name_nor_type_decides_what_becomes_of_a_file(settings, contact):
    headers, account = bearer(settings, "lu@example.org"), Account("a-1", "lu@example.org", "contact", ("LU",))
    fields = {"token": contact.token, "country": "LU"}
    for number, (name, kind) in enumerate(zip(NAMES, itertools.cycle(KINDS), strict=False)):
        data = b"<svg onload=alert(%d)>" % number
        sent = contact.post("/upload", data=fields, files={"file": (name, data, kind)})
        [draft] = drafts.drafts_of(settings, "LU")
        assert sent.headers["location"] == f"/uploads/{draft.upload_id}"
        assert draft.facts["original_name"].isprintable()
        assert len(draft.facts["original_name"]) <= 210
        assert draft.original.name.startswith("original")
        drafts.submit(settings, draft, account)
        place = f"/submissions/{draft.upload_id}/original"
        for answer in (contact.get(place), contact.get(f"/api/v1{place}", headers=headers)):
            told = answer.headers
            assert (answer.content, told["content-type"]) == (data, "application/octet-stream")
            assert told["x-content-type-options"] == "nosniff"
            assert told["content-disposition"].startswith("attachment; filename*=UTF-8''")
            assert told["content-disposition"].isascii()
            assert "set-cookie" not in told


def test_a_file_of_the_same_name_replaces_nothing(settings, contact):
    first, second = (place_of(upload(contact, data, name="figures.csv")) for data in (b"one", b"two"))
    assert {draft.original.read_bytes() for draft in drafts.drafts_of(settings, "LU")} == {b"one", b"two"}
    assert first != second


# Sizes and numbers


def test_a_file_may_have_the_most_and_no_byte_more(settings):
    app = patient_portal(Settings(home=settings.home, max_file_mb=1))
    invited(settings)
    client, headers = browser(app), bearer(settings, "lu@example.org")
    said = []
    for size in (MEGABYTE, MEGABYTE + 1):
        sent = client.post("/api/v1/uploads?country=LU", content=b"x" * size, headers=headers).json()
        found = drafts.answer_of(settings, drafts.find_draft(settings, sent["upload_id"]))["findings"]
        said.append([each["rule"] for each in found])
        about = headers | {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": "country TFU="}
        said.append(client.post("/api/v1/resumable", headers=about).status_code)
    assert (said[0] != ["TOO_LARGE"], said[1:]) == (True, [201, ["TOO_LARGE"], 413])


def test_too_many_files_get_a_sentence_that_helps(settings, contact):
    files = [("file", (f"{number}.csv", b"%d" % number)) for number in range(MOST_FILES + 1)]
    fields = {"token": contact.token, "country": "LU"}
    refused = contact.post("/upload", data=fields, files=files)
    assert (refused.status_code, "at most 50 files" in refused.text) == (400, True)
    assert drafts.drafts_of(settings, "LU") == []
    assert contact.post("/upload", data=fields, files=files[1:]).status_code == 303
    assert len(drafts.drafts_of(settings, "LU")) == MOST_FILES


def test_a_large_file_has_arrived_before_anybody_examines_it(settings, app, contact):
    app.state.patience_seconds = 60
    shown = contact.get(f"/uploads/{place_of(upload(contact, b'x' * (3 * MEGABYTE)))}")
    assert (shown.status_code, "refresh" in shown.headers) == (200, True)


def test_a_form_that_breaks_at_any_byte_leaves_nothing(settings, app, contact):
    request = contact.build_request(
        "POST", "/upload", data={"token": contact.token, "country": "LU"}, files={"file": ("a.csv", GOOD)}
    )
    body = request.read()
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/upload",
        "raw_path": b"/upload",
        "query_string": b"",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "state": {},
    }

    async def send_until(end):
        came = iter([{"type": "http.request", "body": body[:end], "more_body": True}])

        async def receive():
            return next(came, {"type": "http.disconnect"})

        async def send(message):
            assert message.get("status", 400) == 400

        await app(scope, receive, send)

    for end in range(0, len(body), 13):
        asyncio.run(send_until(end))
    assert drafts.drafts_of(settings, "LU") == []
    assert not list((settings.home / "portal").rglob("original*"))
    assert place_of(contact.send(request))


# What is planted


class Live(HTMLParser):
    """What a browser would run of a page, and every text that it would show."""

    def __init__(self, page):
        super().__init__()
        self.running, self.places, self.texts = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        is_ours = tag == "script" and known.get("src") == "/assets/portal.js"
        if (tag in {"script", "iframe", "object", "svg", "img"} and not is_ours) or "style" in known:
            self.running.append((tag, known))
        self.running += [(tag, name) for name in known if name.startswith("on")]
        self.running += [(tag, value) for value in known.values() if (value or "").lower().startswith("javascript:")]
        if tag == "a":
            self.places.append(urldefrag(known.get("href", "")).url.partition("?")[0])
        self.texts += [value for value in known.values() if value]

    def handle_data(self, data):
        self.texts.append(data)


def crawl(client, *starts):
    """Every page that links lead to: {path: page}."""
    found, waiting = {}, [*starts]
    while waiting:
        path = waiting.pop()
        if path in found or not path.startswith("/") or path.endswith((".pdf", ".xlsx", "/original", ".json")):
            continue
        answer = client.get(path)
        assert answer.status_code == 200, path
        found[path] = Live(answer.text)
        waiting += found[path].places
    return found


def planted():
    """A file in whose every text a script stands; one indicator counts, and numbers ask for a justification."""
    rows = [row | {"NUMERATOR": row["DENOMINATOR"]} if "NUMERATOR" in row else row for row in figures()]
    rows = [row | {"REFERENCE": PLANT, "OBS_COMMENT": PLANT} for row in rows]
    rows += [{**rows[1], "SITE": PLANT}, {**rows[1], "NUMERATOR": PLANT}]
    return csv_text([[*line, PLANT] for line in as_lines(rows)]).encode()


def test_a_script_is_text_on_every_page_whoever_planted_it_wherever(settings):
    app = patient_portal(settings)
    invited(settings)
    invited(settings, "second@example.org", "approver")
    invited(settings, "ada@example.org", "steward")
    contact, approver, steward = (signed_in(app, f"{who}@example.org") for who in ("lu", "second", "ada"))

    def post(client, path, **fields):
        answer = client.post(path, data={"token": client.token, **fields})
        assert answer.status_code == 303, answer.text
        return answer

    sent = place_of(upload(contact, planted(), name=f"{PLANT}.csv"))
    post(contact, f"/uploads/{sent}/send")
    asked = questions(settings, sent)[0]
    post(contact, f"/submissions/{sent}/justify", rule=asked.rule, group=asked.group, text=PLANT, public="")
    post(contact, f"/submissions/{sent}/messages", text=PLANT)
    ask_second_person(settings, "LU", is_asked=True)
    draft = place_of(upload(contact, planted() + b"\n", name=f"{PLANT}.csv"))
    post(contact, f"/uploads/{draft}/send")
    post(approver, f"/uploads/{draft}/return", reason=PLANT)
    hold = {"submission_id": sent, "country_code": "LU", "build_id": "b-1", "expectation": "REV_UNIT"}
    ledger.record_holds(settings, [hold | {"sentence": PLANT, "last_sequence_number": 1}])
    result = _gate()["suites"][0]["results"][0] | {"sentence": PLANT, "observed": PLANT}
    judged(settings, "hold_countries", [{"suite": "revision", "results": [result]}])

    places = {}
    for who, client in (("contact", contact), ("approver", approver), ("steward", steward)):
        starts = ["/", f"/submissions/{sent}"] + (["/steward"] if client is steward else [])
        pages = crawl(client, *starts)
        assert not {path: page.running for path, page in pages.items() if page.running}
        # In each page only what a parser gives back as a text: `&` and `<` were written as such.
        places[who] = {
            path for path, page in pages.items() if any("<img src=x onerror=" in each for each in page.texts)
        }
    assert {"/", f"/uploads/{draft}", f"/submissions/{sent}", f"/submissions/{sent}/receipt.html"} <= places["contact"]
    assert {"/", f"/submissions/{sent}"} <= places["approver"]
    assert {"/steward", "/steward/builds/b-1", f"/submissions/{sent}"} <= places["steward"]


def test_no_workbook_that_the_portal_gives_holds_a_formula_of_a_sender(settings):
    app = patient_portal(settings)
    invited(settings)
    client = signed_in(app)
    rows = [row | {"REFERENCE": FORMULA, "OBS_COMMENT": FORMULA} for row in figures()]
    rows.append({**rows[1], "SITE": FORMULA})
    sent = place_of(upload(client, csv_text(as_lines(rows)).encode(), name=f"{FORMULA}.csv"))
    marked = client.get(f"/uploads/{sent}/marked.xlsx").content
    cells = [cell for sheet in load_workbook(io.BytesIO(marked)) for row in sheet.iter_rows() for cell in row]
    assert any(FORMULA in str(cell.value) for cell in cells)
    assert {cell.data_type for cell in cells if FORMULA in str(cell.value)} == {"s"}


def test_whoever_tries_stands_in_the_log_without_a_secret(settings, app, contact):
    before = len(audit_lines(settings))
    [known] = [each["account_id"] for each in accounts.accounts(settings)]
    forged, stranger = {"Authorization": "Bearer forged-secret"}, browser(app)
    assert upload(contact, b"one").status_code == 303
    assert upload(contact, b"two", country="BE").status_code == 404
    assert contact.get("/steward").status_code == 403
    assert contact.post("/uploads/LU-0123456789abcdef/send", data={"token": "0" * 64}).status_code == 400
    assert stranger.get("/api/v1/submissions", headers=forged).status_code == 401
    assert stranger.get("/api/v1/submissions").status_code == 401
    assert stranger.get("/invitation/used-secret").status_code == 404
    assert stranger.get("/", cookies={"pcm_session": "old-secret"}).status_code == 303
    assert contact.post("/sign-out", data={"token": "x" * MEGABYTE}).status_code == 413
    assert contact.get("/nothing").status_code == 404
    lines = audit_lines(settings)[before:]
    details = [json.loads(line["details"]) for line in lines[1:]]
    assert [(line["action"], line["account_id"]) for line in lines] == [
        ("upload", known),
        *[("refused", known)] * 3,
        *[("refused", "")] * 3,
        ("refused", known),
    ]
    assert [(each["tried"], each["status_code"]) for each in details] == [
        ("POST /upload", 404),
        ("GET /steward", 403),
        ("POST /uploads/{upload_id}/send", 400),
        ("GET /api/v1/submissions", 401),
        ("GET /invitation/{secret}", 404),
        ("GET /", 401),
        ("POST /sign-out", 413),
    ]
    assert "secret" not in str(lines).replace("{secret}", "")


def test_who_tries_without_end_does_not_fill_the_log(settings, app):
    before, stranger = len(audit_lines(settings)), browser(app)
    for _ in range(refusals.MOST + 5):
        stranger.get("/api/v1/submissions", headers={"Authorization": "Bearer forged"})
    assert len(audit_lines(settings)) == before + refusals.MOST


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_a_large_page_goes_out_in_pieces(size):
    body, sent = bytes(range(256)) * (size // 256) + bytes(size % 256), []

    async def page(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def keep(message):
        sent.append(message)

    guarded = Guard(page, most_mb=1, is_https=False)
    asyncio.run(guarded({"type": "http", "path": "/"}, None, keep))
    assert b"".join(message["body"] for message in sent[1:]) == body
    assert max(len(message["body"]) for message in sent[1:]) <= PIECE_BYTES
    assert [message.get("more_body", False) for message in sent[1:]] == [True] * (len(sent) - 2) + [False]
