"""How heavy the pages of a release are, and when they are ready on a processor four times slower.

`python -m benchmarks.pages HOME` opens the heaviest page of each template of the current release in Debian's Chromium,
each five times from a cold cache, and prints the middle of the runs.
"""

import gzip
import statistics
import sys
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

from ingestion.serving.site import make_site
from ingestion.settings import Settings
from ingestion.store.home import Home
from ingestion.store.published import current_release_id
from tests.browser.served import served
from tests.browser.site_pages import heaviest_pages, languages
from tests.chromium import CHROMIUM, FLAGS

SLOWER = 4
RUNS = 5
READY = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
ELEMENTS = "document.querySelectorAll('*').length"


def ready_seconds(page: Page, devtools: CDPSession, url: str) -> float:
    """Return the middle of the times from the click to the finished document."""
    times = []
    for _ in range(RUNS):
        devtools.send("Network.clearBrowserCache")
        page.goto(url)
        times.append(page.evaluate(READY) / 1000)
    return statistics.median(times)


def main() -> None:
    """Print a table of pages."""
    settings = Settings(home=Path(sys.argv[1]))
    release_id = current_release_id(settings)
    folder = Home(settings.home).releases / str(release_id) / "site"
    print("| page | HTML, kB gzipped | elements | ready, s |\n|---|---:|---:|---:|")
    with served(make_site(settings)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        devtools = page.context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        for path in heaviest_pages(folder, languages(folder)):
            size = len(gzip.compress((folder / path).read_bytes())) / 1000
            seconds = ready_seconds(page, devtools, f"{address}/r/{release_id}/{path}")
            print(f"| {path} | {size:.0f} | {page.evaluate(ELEMENTS)} | {seconds:.2f} |")
        browser.close()


if __name__ == "__main__":
    main()
