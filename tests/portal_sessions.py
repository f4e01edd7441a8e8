"""People who are signed in to the portal, without the way through its door, which has tests of its own."""

from starlette.testclient import TestClient

from ingestion.portal.accounts import accounts
from ingestion.portal.forms import SESSION_COOKIE
from ingestion.portal.guard import csrf_of
from ingestion.portal.secret_keys import SESSION, issue


def signed_in(app, email="lu@example.org"):
    """A browser with a session of an account, and the token that its forms carry."""
    settings = app.state.settings
    [account_id] = [each["account_id"] for each in accounts(settings) if each["email"] == email]
    secret = issue(settings, SESSION, account_id)
    client = TestClient(app, follow_redirects=False, cookies={SESSION_COOKIE: secret}, raise_server_exceptions=False)
    client.token = csrf_of(secret)
    return client
