"""A contact's way from the file to the receipt, and the steward's to what was said: by keyboard, without a script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from ingestion.portal.app import make_portal
from ingestion.portal.entrance import accounts
from ingestion.settings import Settings
from ingestion.store.home import Home
from tests.browser.served import served
from tests.files import as_lines, csv_text, figures

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"
MOST_TABS, MOST_SECONDS = 60, 120
# Every patient counted: right, but so unusual that the answer asks why.
UNUSUAL = [row | {"NUMERATOR": row["DENOMINATOR"]} if "NUMERATOR" in row else row for row in figures()]
FILE = {"name": "figures.csv", "mimeType": "text/csv", "buffer": csv_text(as_lines(UNUSUAL)).encode()}


@pytest.fixture
def portal(tmp_path) -> Iterator[str]:
    """The address of a portal with a contact and a steward."""
    settings = Settings(home=tmp_path / "home")
    Home(settings.home).create()
    for email, role in (("lu@example.org", "contact"), ("ada@example.org", "steward")):
        accounts.accept(settings, accounts.invite(settings, email, role=role, countries=("LU",)), PASSWORD)
    app = make_portal(settings)
    app.state.patience_seconds = 60
    with served(app) as address:
        yield address


def tab_to(page: Page, selector: str) -> None:
    """Go on with the Tab key until an element has the focus; nobody can reach it otherwise."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"The Tab key does not lead to {selector}.")


def press(page: Page, selector: str) -> None:
    """Go to a link or a button and press Enter."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in(browser: Browser, address: str, email: str) -> Page:
    """Somebody whose browser runs no script, signed in."""
    page = browser.new_context(java_script_enabled=False, locale="en").new_page()
    page.set_default_timeout(MOST_SECONDS * 1000)
    page.goto(f"{address}/sign-in")
    tab_to(page, "input[type=email]")
    page.keyboard.type(email)
    tab_to(page, "input[type=password]")
    page.keyboard.type(PASSWORD)
    press(page, "main button")
    return page


def test_from_the_file_to_the_receipt_and_the_steward_by_keyboard_and_without_a_script(browser, portal):
    page = sign_in(browser, portal, "lu@example.org")
    tab_to(page, "#file")
    page.set_input_files("#file", FILE)  # what follows the Enter key is the system's own window
    press(page, "form.upload button")
    assert "4 new rows" in page.locator("main").inner_text()
    preview = page.url
    press(page, "a[href$='/figures']")
    assert page.locator("main table").count()
    page.goto(preview)
    press(page, "form[action$='/send'] button")
    assert "/submissions/" in page.url
    if not page.locator("form[action$='/justify'] textarea").first.is_visible():
        tab_to(page, "details:has(form[action$='/justify']) > summary")
        page.keyboard.press("Enter")
    tab_to(page, "form[action$='/justify'] textarea")
    page.keyboard.type("Every patient of the new programme was counted.")
    press(page, "form[action$='/justify'] button")
    tab_to(page, "form[action$='/messages'] textarea")
    page.keyboard.type("Please look at the new programme.")
    press(page, "form[action$='/messages'] button")
    submission = page.url.partition("#")[0]
    page.goto(submission)
    tab_to(page, "a[href$='receipt.html']")
    with page.expect_download() as kept:
        page.keyboard.press("Enter")
    assert kept.value.suggested_filename.endswith(".receipt.html")

    steward = sign_in(browser, portal, "ada@example.org")
    steward.goto(f"{portal}/steward")
    assert "figures.csv" in steward.locator("main").inner_text()
    press(steward, f"main a[href*='{submission.rsplit('/', 1)[1]}']")
    for said in ("Every patient of the new programme was counted.", "Please look at the new programme."):
        assert said in steward.locator("main").inner_text()
    for each in (page, steward):
        each.context.close()
