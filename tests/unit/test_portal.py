"""The portal: what its door lets in, what it shows, and what it keeps apart. Files are examined by the real desk."""

import json
import re

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from starlette.testclient import TestClient

from ingestion import ledger
from ingestion.cli.main import pcm
from ingestion.ledger.audit_log import audit_lines, broken_line, record
from ingestion.ledger.tables import ledger_engine
from ingestion.portal import accounts, drafts, secret_keys
from ingestion.portal.app import make_portal
from ingestion.portal.guard import UPLOAD_PATHS
from ingestion.portal.roles import ROLES, VERBS, Account
from ingestion.portal.secret_keys import INVITATION, SESSION, TOKEN
from ingestion.settings import Settings
from ingestion.store.home import Home
from tests.files import as_lines, csv_text, figures
from tests.hostile.corpus import CORPUS

PASSWORD = "correct horse battery"
GOOD = csv_text(as_lines(figures())).encode()
TOKEN_FIELD = re.compile(r'name="token" value="([0-9a-f]{64})"')
DRAFT_ID = re.compile(r"/(?:uploads|submissions)/([A-Z]{2}-[0-9a-f]{16})")


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    """The same argon2 with the least work: its parameters are RFC 9106's and not tested here."""
    monkeypatch.setattr(accounts, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts._hash_of_nobody.cache_clear()


@pytest.fixture
def app(settings):
    return make_portal(settings)


def browser(app):
    return TestClient(app, follow_redirects=False, raise_server_exceptions=False)


def invited(settings, email="lu@example.org", role="contact", countries=("LU",)):
    secret = accounts.invite(settings, email, role=role, countries=countries)
    return accounts.accept(settings, secret, PASSWORD)


def form_token(answer):
    return TOKEN_FIELD.search(answer.text)[1]


def signed_in(app, email="lu@example.org"):
    client = browser(app)
    fields = {"token": form_token(client.get("/sign-in")), "email": email, "password": PASSWORD}
    assert client.post("/sign-in", data=fields).status_code == 303
    client.token = form_token(client.get("/"))
    return client


def upload(client, data=GOOD, name="figures.csv", country="LU"):
    fields = {"token": client.token, "country": country}
    return client.post("/upload", data=fields, files={"file": (name, data)})


def place_of(answer):
    assert answer.status_code == 303, answer.text
    return DRAFT_ID.search(answer.headers["location"])[1]


def bearer(settings, email):
    return {"Authorization": f"Bearer {accounts.new_token(settings, email)}"}


# The door


def test_an_invitation_sets_a_password_once(settings, app):
    secret = accounts.invite(settings, "Lu@Example.org", role="contact", countries=("LU",))
    client = browser(app)
    shown = client.get(f"/invitation/{secret}")
    fields = {"token": form_token(shown), "password": PASSWORD, "again": PASSWORD}
    assert client.post(f"/invitation/{secret}", data=fields).headers["location"] == "/"
    assert "lu@example.org" in client.get("/").text
    assert browser(app).get(f"/invitation/{secret}").status_code == 404
    signed_in(app)


@pytest.mark.parametrize(
    ("password", "again"), [("short", "short"), ("x" * 201, "x" * 201), (PASSWORD, "another one!")]
)
def test_a_password_that_will_not_do_leaves_the_invitation(settings, app, password, again):
    secret = accounts.invite(settings, "lu@example.org", role="contact", countries=("LU",))
    client = browser(app)
    fields = {"token": form_token(client.get(f"/invitation/{secret}")), "password": password, "again": again}
    assert client.post(f"/invitation/{secret}", data=fields).status_code == 400
    assert accounts.invited(settings, secret)


def test_a_new_invitation_makes_the_one_before_worthless(settings):
    first = accounts.invite(settings, "lu@example.org", role="contact", countries=("LU",))
    second = accounts.invite(settings, "lu@example.org", role="viewer", countries=("BE",))
    assert accounts.invited(settings, first) is None
    assert accounts.invited(settings, second).countries == ("BE",)


def test_secrets_die_of_age_and_of_idleness(settings, monkeypatch):
    account = invited(settings)
    secret = secret_keys.issue(settings, SESSION, account.account_id)
    begun = secret_keys.time.time()
    for minutes in range(0, 11 * 60, 50):  # somebody who works is not signed out
        monkeypatch.setattr(secret_keys.time, "time", lambda at=begun + minutes * 60: at)
        assert secret_keys.account_id_of(settings, SESSION, secret)
    monkeypatch.setattr(secret_keys.time, "time", lambda: begun + 12 * 3600 + 1)
    assert secret_keys.account_id_of(settings, SESSION, secret) is None
    invitation = secret_keys.issue(settings, INVITATION, account.account_id)
    monkeypatch.setattr(secret_keys.time, "time", lambda: begun + 8 * 24 * 3600)
    assert secret_keys.account_id_of(settings, INVITATION, invitation) is None


def test_no_secret_and_no_password_is_in_the_ledger(settings):
    secret = accounts.invite(settings, "lu@example.org", role="contact", countries=("LU",))
    accounts.invite(settings, "be@example.org", role="contact", countries=("BE",))
    accounts.accept(settings, secret, PASSWORD)
    token = accounts.new_token(settings, "lu@example.org")
    kept = b"".join(path.read_bytes() for path in settings.home.glob("ledger.sqlite*"))
    assert not [each for each in (secret, token, PASSWORD) if each.encode() in kept]
    assert b"$argon2id$" in kept


def test_five_wrong_passwords_lock_the_account_also_for_the_right_one(settings, app):
    invited(settings)
    client = browser(app)
    fields = {"token": form_token(client.get("/sign-in")), "email": "lu@example.org"}
    answers = [client.post("/sign-in", data={**fields, "password": "wrong"}).status_code for _ in range(5)]
    assert answers == [401] * 5
    assert client.post("/sign-in", data={**fields, "password": PASSWORD}).status_code == 401


def test_an_unknown_address_is_refused_in_the_words_of_a_wrong_password(settings, app):
    invited(settings)
    client = browser(app)
    fields = {"token": form_token(client.get("/sign-in")), "password": "wrong"}
    said = [client.post("/sign-in", data={**fields, "email": f"{who}@example.org"}) for who in ("lu", "nobody")]
    assert said[0].text == said[1].text


def test_many_attempts_from_one_place_are_stopped(settings, app):
    client = browser(app)
    app.state.sign_ins.most = 2
    fields = {"token": form_token(client.get("/sign-in")), "email": "x@example.org", "password": "wrong"}
    assert [client.post("/sign-in", data=fields).status_code for _ in range(3)] == [401, 401, 429]


def test_who_is_disabled_is_out_at_once(settings, app):
    invited(settings)
    client, token = signed_in(app), bearer(settings, "lu@example.org")
    accounts.disable(settings, "lu@example.org")
    assert client.get("/").headers["location"] == "/sign-in"
    assert client.get("/api/v1/submissions", headers=token).status_code == 401


def test_after_signing_out_the_cookie_is_worth_nothing(settings, app):
    invited(settings)
    client = signed_in(app)
    cookie = client.cookies["pcm_session"]
    client.post("/sign-out", data={"token": client.token})
    assert browser(app).get("/", headers={"cookie": f"pcm_session={cookie}"}).headers["location"] == "/sign-in"


def test_a_session_is_no_token_and_a_token_no_session(settings, app):
    account = invited(settings)
    session = secret_keys.issue(settings, SESSION, account.account_id)
    token = secret_keys.issue(settings, TOKEN, account.account_id)
    client = browser(app)
    assert client.get("/api/v1/submissions", headers={"Authorization": f"Bearer {session}"}).status_code == 401
    assert client.get("/", headers={"cookie": f"pcm_session={token}"}).headers["location"] == "/sign-in"
    forged = ["", "x", "é" * 40, "0" * 64, token[:-1], token + "A"]
    sent = [{"Authorization": f"Bearer {each}".encode()} for each in forged]
    assert {client.get("/api/v1/submissions", headers=headers).status_code for headers in sent} == {401}


def test_cookies_cannot_be_read_by_scripts_and_go_over_https_where_that_is_the_address(settings):
    invited(settings)
    for url, is_secure in (("", False), ("https://portal.example.org", True)):
        app = make_portal(Settings(home=settings.home, portal_url=url))
        client = TestClient(app, base_url=url or "http://testserver")
        cookie = client.get("/sign-in").headers["set-cookie"]
        assert ("httponly" in cookie.lower(), "samesite=lax" in cookie.lower()) == (True, True)
        assert ("secure" in cookie.lower()) == is_secure


def test_every_answer_has_the_headers_that_browsers_obey(settings, app):
    invited(settings)
    client = signed_in(app)
    for path in ("/sign-in", "/", "/nothing", "/assets/portal.js", "/api/v1/openapi.json"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"


def test_no_page_needs_an_exception_from_the_policy(settings, app):
    """Nothing inline: no style or script element, no style or event attribute."""
    invited(settings)
    client = signed_in(app)
    draft = place_of(upload(client, GOOD.replace(b";F;", b";Q;")))
    pages = [client.get(path).text for path in ("/", f"/uploads/{draft}")]
    client.post(f"/uploads/{draft}/send", data={"token": client.token})
    pages.append(client.get(f"/submissions/{draft}").text)
    assert not [page for page in pages if re.search(r"<style|<script>|\sstyle=|\son\w+=", page)]


# Forms


FORMS = ("/sign-out", "/upload", "/uploads/{id}/send", "/uploads/{id}/discard")


def test_a_form_that_is_not_ours_does_nothing(settings, app):
    account = invited(settings)
    client = signed_in(app)
    upload_id = _kept(settings, account)
    for path in FORMS:
        for token in (None, "", "0" * 64, "é"):
            fields = {"country": "LU"} | ({} if token is None else {"token": token})
            files = {"files": {"file": ("x.csv", b"more")}} if path == "/upload" else {}
            assert client.post(path.format(id=upload_id), data=fields, **files).status_code == 400, (path, token)
    assert [draft.upload_id for draft in drafts.drafts_of(settings, "LU")] == [upload_id]
    assert ledger.submissions(settings) == []
    assert client.get("/").status_code == 200


def test_a_token_of_another_session_is_not_ours(settings, app):
    invited(settings)
    first, second = signed_in(app), signed_in(app)
    second.token = first.token
    assert upload(second).status_code == 400


def _kept(settings, account, data=GOOD, country="LU", name="figures.csv"):
    import io

    return drafts.keep(settings, io.BytesIO(data), name=name, country_code=country, account=account)


# Whose things


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("is_own", [True, False])
def test_role_country_and_verb(settings, app, role, verb, is_own):
    """Every cell of the table, by the interface for machines: 404 for another country, 403 for a verb that is not allowed."""
    sender = invited(settings, "sender@example.org", countries=("LU",))
    account = invited(settings, "who@example.org", role, ("LU",) if is_own else ("BE",))
    headers, client = bearer(settings, account.email), browser(app)
    sends = {
        "upload": lambda: client.post("/api/v1/uploads?country=LU", content=b"x", headers=headers),
        "send": lambda: client.post(f"/api/v1/uploads/{_kept(settings, sender, b'x')}/send", headers=headers),
        "read": lambda: client.get(f"/api/v1/submissions/{_received(settings, sender)}", headers=headers),
        "fetch_original": lambda: client.get(
            f"/api/v1/submissions/{_received(settings, sender)}/original", headers=headers
        ),
        "template": lambda: client.get("/api/v1/template?country=LU&round=1999", headers=headers),
    }
    sees = is_own or role == "steward"
    fine = {"upload": 201, "template": 400}.get(verb, 200)  # there is no round 1999: a template takes a second
    assert sends[verb]().status_code == ((fine if verb in ROLES[role] else 403) if sees else 404)


def _received(settings, account):
    """A submission that arrived and was not answered yet."""
    from ingestion.intake import receive

    draft = drafts.find_draft(settings, _kept(settings, account, b"y"))
    return receive(settings, draft.original, country_code="LU", arrived_via="portal") if draft else "LU-" + "0" * 16
