"""Sign-in by a provider, against a real one: who comes in, as whom, and what of a forged way back is refused."""

import dataclasses
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from ingestion.errors import UsageError
from ingestion.ledger.audit_log import audit_lines
from ingestion.portal.app import make_portal
from ingestion.portal.entrance import accounts
from ingestion.portal.roles import countries_of
from tests.oidc_provider import know, provider, sign_in
from tests.portal_visits import browser, cheap_hashes, invited

BACK = "/sign-in/oidc/back"

pytestmark = pytest.mark.usefixtures("cheap_hashes")
assert cheap_hashes


@pytest.fixture(scope="module")
def issuer():
    with provider() as address:
        yield address


@pytest.fixture
def configured(settings, issuer, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("of the client\n")
    told = {"oidc_issuer": issuer, "oidc_client_id": "portal", "oidc_secret_file": str(secret)}
    return dataclasses.replace(settings, portal_url="http://testserver", **told)


def way_there(client):
    answer = client.get("/sign-in/oidc")
    assert answer.status_code == 302
    return answer.headers["location"]


def signed_in_by(app, subject):
    """A browser that has been to the provider and back, and the answer that it got."""
    client = browser(app)
    return client, client.get(sign_in(way_there(client), subject))


def test_who_was_invited_comes_in_and_the_subject_decides_from_then_on(configured, issuer):
    account = invited(configured)
    app = make_portal(configured)
    know(issuer, "s-1", email="LU@example.org", email_verified=True)
    client, answer = signed_in_by(app, "s-1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "lu@example.org" in client.get("/").text
    last = audit_lines(configured, action="sign in")[-1]
    assert (last["account_id"], issuer in last["details"]) == (account.account_id, True)
    know(issuer, "s-1", email="renamed@example.org", email_verified=False)
    know(issuer, "s-2", email="lu@example.org", email_verified=True)  # the address was given to somebody else
    assert signed_in_by(app, "s-1")[1].status_code == 303
    assert signed_in_by(app, "s-2")[1].status_code == 403
    accounts.disable(configured, "lu@example.org")
    assert signed_in_by(app, "s-1")[1].status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "stranger@example.org", "email_verified": True},
        {"email": "lu@example.org", "email_verified": False},
        {"email": "lu@example.org"},
        {"email_verified": True},
    ],
)
def test_who_was_not_invited_or_has_no_proved_address_stays_out(configured, issuer, claims):
    invited(configured)
    know(issuer, "s-3", **claims)
    client, answer = signed_in_by(make_portal(configured), "s-3")
    assert answer.status_code == 403
    assert "Ask your steward" in answer.text
    assert client.get("/").headers["location"] == "/sign-in"
    assert audit_lines(configured)[-1]["action"] == "sign-in refused"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (["contact:LU", "contact:BE"], ("contact", ("BE", "LU"))),
        ("viewer:LU", ("viewer", ("LU",))),
        ("steward", ("steward", countries_of("steward", ()))),
        ("contact:XX", None),
        (["contact:LU", "steward"], None),
        ("root:LU", None),
        ("contact", None),
        ([], None),
    ],
)
def test_a_claim_that_is_trusted_says_role_and_countries(configured, issuer, claim, expected):
    trusting = dataclasses.replace(configured, oidc_claim="pcm_access")
    know(issuer, "s-4", email="new@example.org", email_verified=True, pcm_access=claim)
    assert signed_in_by(make_portal(trusting), "s-4")[1].status_code == (303 if expected else 403)
    made = [(each["role"], tuple(each["countries"].split())) for each in accounts.accounts(trusting)]
    assert made == ([expected] if expected else [])
    assert signed_in_by(make_portal(configured), "s-4")[1].status_code == (303 if expected else 403)


def test_a_claim_takes_no_account_from_another_subject(configured, issuer):
    trusting = dataclasses.replace(configured, oidc_claim="pcm_access")
    app = make_portal(trusting)
    for subject, claim in (("s-5", "contact:LU"), ("s-6", "contact:BE")):
        know(issuer, subject, email="one@example.org", email_verified=True, pcm_access=claim)
    assert [signed_in_by(app, subject)[1].status_code for subject in ("s-5", "s-6")] == [303, 403]
    know(issuer, "s-5", email="one@example.org", email_verified=True, pcm_access="viewer:LU")
    assert signed_in_by(app, "s-5")[1].status_code == 303
    assert [each["role"] for each in accounts.accounts(trusting)] == ["viewer"]


def test_a_way_back_that_this_browser_did_not_begin_is_refused(configured, issuer):
    invited(configured)
    app = make_portal(configured)
    know(issuer, "s-7", email="lu@example.org", email_verified=True)
    client = browser(app)
    back = sign_in(way_there(client), "s-7")
    state, code = (parse_qs(urlsplit(back).query)[name][0] for name in ("state", "code"))
    assert browser(app).get(back).status_code == 401  # a link that somebody else was sent
    forged = [f"?code={code}", f"?code={code}&state=x", f"?code=x&state={state}", "?error=access_denied", ""]
    for query in forged:
        other = browser(app)
        way_there(other)
        assert other.get(BACK + query).status_code == 401, query
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 401  # a code is good once


def test_the_code_of_another_sign_in_of_this_browser_fails_by_pkce_and_nonce(configured, issuer):
    """Codes that are swapped between two sign-ins: the verifier of the one does not open the code of the other."""
    invited(configured)
    know(issuer, "s-8", email="lu@example.org", email_verified=True)
    client = browser(make_portal(configured))
    first, second = (sign_in(way_there(client), "s-8") for _ in range(2))
    code = parse_qs(urlsplit(first).query)["code"][0]
    assert client.get(re.sub("code=[^&]+", f"code={code}", second)).status_code == 401


def test_a_token_of_another_issuer_is_refused(configured, issuer):
    invited(configured)
    know(issuer, "s-9", email="lu@example.org", email_verified=True)
    almost = dataclasses.replace(configured, oidc_issuer=f"{issuer}/")  # its tokens say it without the slash
    assert signed_in_by(make_portal(almost), "s-9")[1].status_code == 401


def test_a_provider_that_is_away_leaves_the_local_accounts(configured):
    invited(configured)
    app = make_portal(dataclasses.replace(configured, oidc_issuer="http://127.0.0.1:9"))
    assert browser(app).get("/sign-in/oidc").status_code == 503
    assert 'href="/sign-in/oidc"' in browser(app).get("/sign-in").text


def test_without_a_provider_there_is_no_such_page(settings):
    app = make_portal(settings)
    assert browser(app).get("/sign-in/oidc").status_code == 404
    assert "oidc" not in browser(app).get("/sign-in").text


@pytest.mark.parametrize(
    "told",
    [{"oidc_issuer": "http://example.org"}, {"oidc_client_id": ""}, {"oidc_secret_file": "/nowhere"}],
)
def test_settings_that_do_not_fit_together_are_refused_at_the_start(configured, told):
    with pytest.raises(UsageError, match="PCM_OIDC_ISSUER"):
        make_portal(dataclasses.replace(configured, **told))
