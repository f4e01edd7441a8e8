"""One browser for the tests of this folder, and what it looks at: a site and a portal, both really served."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dashboards import render_release
from ingestion.doors.site import make_site
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.store.atomic import write_json
from ingestion.store.home import Home
from ingestion.store.published import current_release_id, point_at
from tests.browser.looking import HEIGHT, WIDE
from tests.browser.printing import Printed, print_page
from tests.browser.served import served
from tests.browser.site_pages import heaviest_pages, languages, longest_language
from tests.browser.visits import Visit, visit
from tests.chromium import CHROMIUM, FLAGS, NO_CHROMIUM
from tests.invented_release import RELEASE, write_release

SCREENSHOTS = PROJECT_ROOT / ".screenshots"
MOST_SECONDS = 60


@dataclass(frozen=True)
class ServedSite:
    """The site of one release: where it is served, where it is drawn, and the pages to look at."""

    address: str  # of the folder `site`, without a slash at its end
    folder: Path
    pages: tuple[str, ...]  # the heaviest of each template, in English
    translated_pages: tuple[str, ...]  # the same in the language with the longest words, if there is another
    pages_for_paper: tuple[str, ...]  # the same in languages whose words break into lines in other places


# A package's fixtures end with its last test: Playwright's loop must not run on into tests that have one of their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def only_page(browser) -> Page:
    page = browser.new_page()
    page.set_default_timeout(MOST_SECONDS * 1000)
    return page


@pytest.fixture
def page(only_page) -> Page:
    """The one tab of the browser, on an empty page, as wide as a small laptop and in no special mode."""
    only_page.goto("about:blank")
    _reset(only_page)
    return only_page


def _reset(page: Page) -> None:
    page.emulate_media(media="screen", forced_colors="none", color_scheme="light")
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})


@pytest.fixture(scope="package")
def site(request, tmp_path_factory) -> Iterator[ServedSite]:
    """The site of an invented release, or that of the current release of `--home`."""
    home = request.config.getoption("--home")
    settings = Settings(home=home) if home else _published(tmp_path_factory.mktemp("site") / "home")
    release_id = current_release_id(settings)
    folder = Home(settings.home).releases / release_id / "site"
    others = {longest_language(folder)} & (set(languages(folder)) - {"en"})
    with served(make_site(settings)) as address:
        yield ServedSite(
            f"{address}/r/{release_id}",
            folder,
            pages=tuple(heaviest_pages(folder, ["en"])),
            translated_pages=tuple(heaviest_pages(folder, others)),
            pages_for_paper=tuple(heaviest_pages(folder, sorted({"de", "pl"} & set(languages(folder))))),
        )


@pytest.fixture(scope="package")
def visits(site, only_page, screenshots) -> list[Visit]:
    """One visit to each of the pages, which all tests of them share."""
    _reset(only_page)
    return [visit(only_page, site.address, path, screenshots) for path in (*site.pages, *site.translated_pages)]


@pytest.fixture(scope="package")
def prints(site, visits, only_page, screenshots) -> dict[str, Printed]:
    """What came out of the printer, by path: the pages that were visited in English, and those of two languages."""
    found = {each.path: each.printed for each in visits if each.printed}
    for path in site.pages_for_paper:
        only_page.goto(f"{site.address}/{path}")
        found[path] = print_page(only_page, screenshots, path)
    return found


def _published(home: Path) -> Settings:
    settings, releases = Settings(home=home), Home(home).releases
    Home(home).create()
    folder = write_release(releases / RELEASE["release_id"])
    render_release(settings, folder.name)
    point_at(settings, folder.name)
    # The pages lead to the release before, which here has the same figures under another name.
    earlier = shutil.copytree(folder, releases / RELEASE["previous_release_id"])
    write_json(earlier / "release.json", RELEASE | {"release_id": earlier.name, "release_sequence": 1})
    return settings


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """The folder for pictures of what was tested, for people to look at; several processes fill it at once."""
    SCREENSHOTS.mkdir(exist_ok=True)
    return SCREENSHOTS
