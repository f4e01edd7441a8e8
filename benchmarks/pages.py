"""How heavy the pages of a release are, and when they are ready on a processor four times slower.

`python -m benchmarks.pages HOME` opens the heaviest page of each template of the current release in Debian's Chromium,
each five times from a cold cache, and prints the middle of the runs: the time from the click to the finished document
on the slowed processor, and, because others may use the machine, the processor time of the page's main thread, slowed
by the same factor.
"""

import gzip
import statistics
import sys
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

from ingestion.doors.site import make_site
from ingestion.settings import Settings
from ingestion.store.home import Home
from ingestion.store.published import current_release_id
from tests.browser.served import served
from tests.browser.site_pages import heaviest_pages, languages
from tests.chromium import CHROMIUM, FLAGS

SLOWER = 4
RUNS = 5
READY = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
DRAWN = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
ELEMENTS = "document.querySelectorAll('*').length"


def seconds(page: Page, devtools: CDPSession, url: str) -> tuple[float, float]:
    """Return the middle of the runs: seconds to the finished document when slowed, and four times the main thread's."""
    ready, worked = [], []
    for _ in range(RUNS):
        devtools.send("Network.clearBrowserCache")
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(url)
        ready.append(page.evaluate(READY) / 1000)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        page.goto("about:blank")
        before = _thread_seconds(devtools)
        page.goto(url)
        page.evaluate(DRAWN)
        worked.append(SLOWER * (_thread_seconds(devtools) - before))
    return statistics.median(ready), statistics.median(worked)


def _thread_seconds(devtools: CDPSession) -> float:
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "ThreadTime"))


def main() -> None:
    """Print a table of pages."""
    settings = Settings(home=Path(sys.argv[1]))
    release_id = current_release_id(settings)
    folder = Home(settings.home).releases / str(release_id) / "site"
    print("| page | HTML, kB gzipped | elements | ready, s | processor, s |\n|---|---:|---:|---:|---:|")
    with served(make_site(settings)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable")
        for path in heaviest_pages(folder, languages(folder)):
            size = len(gzip.compress((folder / path).read_bytes())) / 1000
            ready, worked = seconds(page, devtools, f"{address}/r/{release_id}/{path}")
            print(f"| {path} | {size:.0f} | {page.evaluate(ELEMENTS)} | {ready:.2f} | {worked:.2f} |")
        browser.close()


if __name__ == "__main__":
    main()
