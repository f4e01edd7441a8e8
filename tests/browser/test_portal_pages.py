"""The portal's pages and receipts in a real browser, as a contact comes by them: from the invitation to the receipt."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from ingestion.languages import COMPLETE_LANGUAGES, language_for
from ingestion.portal.app import make_portal
from ingestion.portal.entrance import accounts
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.store.home import Home
from tests.browser.looking import HEIGHT, NARROW, PHONE, barriers, picture
from tests.browser.served import served
from tests.files import as_lines, csv_text, figures

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"
RECEIPTS = PROJECT_ROOT / "tests" / "golden" / "receipts"
# The language that needs the most letters for a sentence of the portal.
SENTENCE = "You see at once whether all is right, and what would change. Nothing counts until you send it."
LONGEST = max(COMPLETE_LANGUAGES, key=lambda code: len(language_for(code).say(SENTENCE)))
GOOD = figures()
HALF_WRONG = [*figures(), {**figures()[0], "SEX": "W"}, {**figures()[1], "NUMERATOR": "<5"}]

TOO_WIDE = """() => [...document.querySelectorAll("body, body *")].filter(
    each => document.documentElement.scrollWidth > 320 && each.getBoundingClientRect().right > 320
).map(each => each.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory, only_page) -> Iterator[dict[str, str]]:
    """Every kind of page, by name, after a contact was invited, sent a file and uploaded it again beside another."""
    settings = Settings(home=tmp_path_factory.mktemp("portal") / "home")
    Home(settings.home).create()
    secret = accounts.invite(settings, "lu@example.org", role="contact", countries=("LU",))
    other = accounts.invite(settings, "be@example.org", role="contact", countries=("BE",))
    with served(make_portal(settings)) as address:
        _accept(only_page, f"{address}/invitation/{secret}")
        _upload(only_page, address, {"figures.csv": GOOD})
        only_page.locator("form[action$='/send'] button").click()
        sent = only_page.url
        _upload(only_page, address, {"figures.csv": GOOD, "half-wrong.csv": HALF_WRONG})
        only_page.get_by_role("status").get_by_role("link", name="figures.csv").wait_for()
        home = only_page.url
        only_page.get_by_role("link", name="half-wrong.csv").click()
        # Until the answer is there, a page that asks for itself again stands in its place.
        only_page.locator("form[action$='/discard']").wait_for()
        yield {
            "home": home,
            "upload": only_page.url,
            "submission": sent,
            "rules": f"{address}/rules",
            "help": f"{address}/help",
            "refusal": f"{address}/submissions/BE-0123456789abcdef",
            "invitation": f"{address}/invitation/{other}",
            "sign-in": f"{address}/sign-in",
        }
        only_page.context.clear_cookies()


def _accept(page: Page, link: str) -> None:
    page.goto(link)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url("**/")


def _upload(page: Page, address: str, files: dict[str, list[dict[str, str]]]) -> None:
    page.goto(f"{address}/")
    texts = {name: csv_text(as_lines(rows)).encode() for name, rows in files.items()}
    page.set_input_files(
        "#file", [{"name": name, "mimeType": "text/csv", "buffer": text} for name, text in texts.items()]
    )
    page.locator("form.upload button").click()


@pytest.mark.parametrize("code", ["en", LONGEST])
def test_a_page_of_the_portal_has_no_barrier_and_never_scrolls_sideways(page, portal, screenshots, code):
    found, too_wide = {}, {}
    for name, address in portal.items():
        page.set_viewport_size({"width": PHONE, "height": HEIGHT})
        page.goto(f"{address}?lang={code}")
        picture(page, screenshots, f"portal-{code}-{name}")
        page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        too_wide[name] = page.evaluate(TOO_WIDE)
        found[name] = barriers(page, with_contrast=code == "en")
    assert not {name: each for name, each in found.items() if each}
    assert not {name: each for name, each in too_wide.items() if each}


def test_axe_finds_no_barrier_in_the_answer_to_every_kind_of_problem(page):
    page.goto((RECEIPTS / "every_kind.en.html").as_uri())
    assert not barriers(page)
