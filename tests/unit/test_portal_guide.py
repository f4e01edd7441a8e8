"""What a contact reads up in the portal: the rules and the help, in the language of the reader."""

import re

import pytest

from ingestion.checks.registry import checks
from ingestion.languages import COMPLETE_LANGUAGES, language_for
from tests.portal_visits import browser, cheap_hashes, invited, patient_portal, signed_in

pytestmark = pytest.mark.usefixtures("cheap_hashes")
assert cheap_hashes


@pytest.fixture
def client(settings):
    invited(settings)
    return signed_in(patient_portal(settings))


@pytest.mark.parametrize("code", COMPLETE_LANGUAGES)
def test_the_first_page_leads_to_the_rules_and_to_the_help(client, code):
    say, page = language_for(code).say, client.get(f"/?lang={code}").text
    for place, name in (("/rules", "Rules of the checks"), ("/help", "Help")):
        assert f'<a href="{place}">{say(name)}</a>' in page
        assert f'<a href="{place}" aria-current="page">{say(name)}</a>' in client.get(place).text


def test_the_page_of_rules_has_every_rule_in_the_reader_s_language(client):
    page, french = client.get("/rules?lang=fr").text, language_for("fr")
    assert [rule for rule in checks() if f'id="{rule}"' not in page] == []
    assert french.say("All rules") in page


@pytest.mark.parametrize("code", COMPLETE_LANGUAGES)
def test_the_help_is_the_same_in_every_language(client, code):
    english, page = client.get("/help?lang=en").text, client.get(f"/help?lang={code}").text
    assert _skeleton(page) == _skeleton(english)
    assert language_for(code).say("## Reminders").removeprefix("## ") in page


def _skeleton(page):
    """How a page is made up, and its commands, which a language may name in another order."""
    return re.findall(r"<(?:h\d|li|td|strong|em|pre)\b", page), sorted(re.findall(r"<code>.*?</code>", page, re.DOTALL))


def test_rules_and_help_stand_behind_the_sign_in(settings):
    app = patient_portal(settings)
    assert [browser(app).get(place, follow_redirects=False).status_code for place in ("/rules", "/help")] == [303, 303]
