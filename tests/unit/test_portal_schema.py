"""The interface for machines against its own description: whatever Schemathesis sends, no fault and no answer that is
not documented."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from ingestion.portal.app import make_portal
from ingestion.portal.entrance import accounts
from ingestion.settings import Settings
from ingestion.store.home import Home
from tests.portal_visits import desk_is_ready

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
assert desk_is_ready
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    """The description of a portal whose steward has a token."""
    settings = Settings(home=tmp_path_factory.mktemp("schema"))
    Home(settings.home).create()
    accounts.invite(settings, "contact@example.org", role="contact", countries=("LU", "BE"))
    app = make_portal(settings)
    made = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    made.token = accounts.new_token(settings, "contact@example.org")
    return made


def test_every_answer_is_documented(described):
    known = {"Authorization": f"Bearer {described.token}", "Tus-Resumable": "1.0.0"}
    asked = []
    for found in described.get_all_operations():
        operation = found.ok()

        @examples(
            max_examples=6,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case):
            for headers in (known, {}):
                case.call_and_validate(headers=headers, checks=CHECKS)

        ask()
        asked.append(operation.label)
    assert len(asked) == sum(map(len, described.raw_schema["paths"].values()))
