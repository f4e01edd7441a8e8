"""A provider of OpenID Connect that speaks HTTP on the loopback: oidc-provider-mock, which is made of Authlib's server
parts, and PKCE, which it does not look at by itself."""

from contextlib import contextmanager

import flask
import httpx
import oidc_provider_mock
from authlib.oauth2.rfc7636 import create_s256_code_challenge


@contextmanager
def provider():
    """Serve, and give the address; `know` and `sign_in` are what people and administrators do there."""
    app = oidc_provider_mock.app(require_nonce=True)
    challenges = {}

    @app.after_request
    def remember(answer):
        if flask.request.path == "/oauth2/authorize" and "code=" in answer.headers.get("Location", ""):
            code = httpx.URL(answer.headers["Location"]).params["code"]
            assert flask.request.args["code_challenge_method"] == "S256"
            challenges[code] = flask.request.args["code_challenge"]
        return answer

    @app.before_request
    def look():
        if flask.request.path == "/oauth2/token":
            told = flask.request.form
            if create_s256_code_challenge(told.get("code_verifier", "")) != challenges.get(told.get("code")):
                return flask.jsonify({"error": "invalid_grant"}), 400
        return None

    with oidc_provider_mock._server._threaded_server(app) as server:
        yield f"http://localhost:{server.server_port}"


def know(address, subject, **claims):
    """Tell the provider of a person."""
    httpx.put(f"{address}/users/{subject}", json=claims, verify=False).raise_for_status()


def sign_in(url, subject):
    """Sign a person in at the provider, and return the address to which it sends the browser back."""
    answer = httpx.post(url, data={"sub": subject}, verify=False)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]
