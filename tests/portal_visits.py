"""Visits to a portal, as tests make them: invited, signed in, with a token."""

import re

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from ingestion.checks.desk import ready_for_many
from ingestion.intake import process_submission
from ingestion.portal.app import make_portal
from ingestion.portal.entrance import accounts
from ingestion.portal.sending import drafts

PASSWORD = "correct horse battery"
TOKEN_FIELD = re.compile(r'name="token" value="([0-9a-f]{64})"')


@pytest.fixture
def cheap_hashes(monkeypatch):
    """The same argon2 with the least work: its parameters are RFC 9106's and not tested here."""
    monkeypatch.setattr(accounts, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts._hash_of_nobody.cache_clear()


@pytest.fixture(autouse=True, scope="module")
def desk_is_ready():
    """Children that need not start and import, for the modules that know this name."""
    with ready_for_many():
        yield


def patient_portal(settings):
    """A portal whose pages wait for the desk, so that a test sees the answer and not its place in the queue."""
    made = make_portal(settings)
    made.state.patience_seconds = 600  # a busy machine is no fault of the portal's
    return made


def browser(app):
    """Somebody who is not signed in."""
    return TestClient(app, follow_redirects=False, raise_server_exceptions=False)


def invited(settings, email="lu@example.org", role="contact", countries=("LU",)):
    """An account whose invitation was accepted."""
    secret = accounts.invite(settings, email, role=role, countries=countries)
    return accounts.accept(settings, secret, PASSWORD)


def form_token(answer):
    """What a page's form brings along."""
    return TOKEN_FIELD.search(answer.text)[1]


def signed_in(app, email="lu@example.org"):
    """Somebody who is signed in, and the token of the forms."""
    client = browser(app)
    fields = {"token": form_token(client.get("/sign-in")), "email": email, "password": PASSWORD}
    assert client.post("/sign-in", data=fields).status_code == 303
    client.token = form_token(client.get("/"))
    return client


def bearer(settings, email):
    """The header of a program."""
    return {"Authorization": f"Bearer {accounts.new_token(settings, email)}"}


def sent_and_answered(settings, draft, account):
    """The receipt of a draft that is sent and answered at once."""
    drafts.submit(settings, draft, account)
    return process_submission(settings, draft.upload_id)
