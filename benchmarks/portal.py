"""How long a contact waits for the portal: one national file, all countries at once, and the flood of a neighbour.

`python -m benchmarks.portal` serves a portal of its own with a fresh home and prints the table of `docs/benchmarks.md`.
A contact's time ends with the answer; where a page says first that the file waits, the time to that page is told, too.
Processor time is that of the portal and of everything that it starts.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import httpx

from benchmarks.desk import file_of
from ingestion.catalogue import roster_countries
from ingestion.portal.entrance import accounts
from ingestion.portal.entrance.secret_keys import SESSION, issue
from ingestion.portal.web.forms import SESSION_COOKIE
from ingestion.portal.web.guard import csrf_of
from ingestion.settings import LOOPBACK, PROJECT_ROOT, Settings
from ingestion.store.home import Home

NATIONAL_ROWS, LARGE_ROWS, SMALL_ROWS = 10_000, 120_000, 1_000
REPEATS, FLOOD = 15, 200
LOOK_AGAIN_SECONDS = 0.2
TICKS = os.sysconf("SC_CLK_TCK")
FLOODING, FLOODED = "DE", "LU"


@dataclass(frozen=True)
class Waited:
    """Seconds until the first page, which may say that the file waits, and until the answer; the worst status."""

    first_seconds: float
    answer_seconds: float
    status: int


class Contact:
    """One contact of one country, signed in."""

    def __init__(self, settings: Settings, url: str, country_code: str) -> None:
        email = f"{country_code.lower()}@example.org"
        accounts.invite(settings, email, role="contact", countries=(country_code,))
        [known] = [each for each in accounts.accounts(settings) if each["email"] == email]
        secret = issue(settings, SESSION, known["account_id"])
        self.country_code = country_code
        self._fields = {"token": csrf_of(secret), "country": country_code}
        self._client = httpx.Client(base_url=url, cookies={SESSION_COOKIE: secret}, timeout=600)

    def send(self, data: bytes, name: str = "figures.csv") -> tuple[str, int]:
        """Upload a file, and return where its answer will be and the status."""
        sent = self._client.post("/upload", data=self._fields, files={"file": (name, data)})
        place = sent.headers["location"]
        assert place.startswith("/uploads/"), place
        return place, sent.status_code

    def look(self, place: str) -> tuple[bool, int]:
        """Say whether an answer is there, and the status."""
        page = self._client.get(place)
        return "refresh" not in page.headers, page.status_code

    def upload(self, data: bytes) -> Waited:
        """Upload a file and look until its answer is there."""
        start = time.perf_counter()
        place, status = self.send(data)
        is_answered, seen = self.look(place)
        first = time.perf_counter() - start
        while not is_answered:
            time.sleep(LOOK_AGAIN_SECONDS)
            is_answered, seen = self.look(place)
            status = max(status, seen)
        return Waited(first, time.perf_counter() - start, max(status, seen))


@click.command()
@click.option(
    "--what", type=click.Choice(["national", "all", "flood"]), multiple=True, default=["national", "all", "flood"]
)
def main(what: tuple[str, ...]) -> None:
    """Print one line for each question."""
    with tempfile.TemporaryDirectory() as name, serving(Path(name)) as (settings, url, processor_seconds):
        click.echo("| what | files | median | p95 | p95 of the first page | processor time per file | worst status |")
        click.echo("|---|---:|---:|---:|---:|---:|---:|")
        for each in what:
            QUESTIONS[each](settings, url, processor_seconds, Path(name))


@contextmanager
def serving(folder: Path) -> Iterator[tuple[Settings, str, Callable[[], float]]]:
    """Serve a portal with a fresh home; the third value tells the processor time that it has used."""
    settings = Settings(home=folder / "home", portal_port=_free_port())
    Home(settings.home).create()
    url = f"http://{LOOPBACK}:{settings.portal_port}"
    environment = {**os.environ, "PCM_HOME": str(settings.home), "PCM_PORTAL_PORT": str(settings.portal_port)}
    with subprocess.Popen((sys.executable, "-m", "ingestion.portal"), cwd=PROJECT_ROOT, env=environment) as portal:
        try:
            _await(f"{url}/healthy")
            yield settings, url, lambda: _processor_seconds(portal.pid)
        finally:
            portal.terminate()


def national(settings: Settings, url: str, processor_seconds: Callable[[], float], folder: Path) -> None:
    """One file of national size after the other."""
    contact, data = Contact(settings, url, FLOODED), file_of(folder, NATIONAL_ROWS, FLOODED)
    contact.upload(data)  # what is imported once
    before = processor_seconds()
    waited = [contact.upload(_other(data, number)) for number in range(REPEATS)]
    _tell("one file of 10 000 rows at a time", waited, processor_seconds() - before)


def all_at_once(settings: Settings, url: str, processor_seconds: Callable[[], float], folder: Path) -> None:
    """A large file of every country in the same moment."""
    contacts = [Contact(settings, url, code) for code in roster_countries()]
    files = [file_of(folder, LARGE_ROWS, contact.country_code) for contact in contacts]
    before = processor_seconds()
    with ThreadPoolExecutor(len(contacts)) as pool:
        waited = list(pool.map(Contact.upload, contacts, files))
    _tell(
        f"{len(contacts)} countries, {len(files[0]) / 10**6:.1f} MB each, at once", waited, processor_seconds() - before
    )


def flood(settings: Settings, url: str, processor_seconds: Callable[[], float], folder: Path) -> None:
    """Small files of one country, alone and while hundreds of another wait. Processor time is that of both."""
    calm, wild = Contact(settings, url, FLOODED), Contact(settings, url, FLOODING)
    data, flooding = file_of(folder, SMALL_ROWS, FLOODED), file_of(folder, SMALL_ROWS, FLOODING)
    calm.upload(_other(data, -1))
    before = processor_seconds()
    alone = [calm.upload(_other(data, number)) for number in range(REPEATS)]
    _tell("one file of 1 000 rows, alone", alone, processor_seconds() - before)
    with ThreadPoolExecutor() as pool:
        sent = list(pool.map(wild.send, (_other(flooding, number) for number in range(FLOOD))))
    before = processor_seconds()
    beside = [calm.upload(_other(data, REPEATS + number)) for number in range(REPEATS)]
    _tell(f"the same beside {FLOOD} files of a neighbour", beside, processor_seconds() - before)
    is_over, _ = wild.look(sent[-1][0])
    assert not is_over, "The flood was over before the calm files were: send more."
    click.echo(f"\nBeside the flood, {_median(beside) / _median(alone):.2f} times as long as alone (at most 2).")


QUESTIONS = {"national": national, "all": all_at_once, "flood": flood}


def _tell(what: str, waited: list[Waited], processor_seconds: float) -> None:
    answers = [each.answer_seconds for each in waited]
    shown = [_median(waited), _p95(answers), _p95([each.first_seconds for each in waited])]
    shown.append(processor_seconds / len(waited))
    click.echo(
        f"| {what} | {len(waited)} | {' | '.join(f'{each:.2f} s' for each in shown)} | "
        f"{max(each.status for each in waited)} |"
    )


def _median(waited: list[Waited]) -> float:
    return statistics.median(each.answer_seconds for each in waited)


def _p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(0.95 * (len(seconds) - 1) + 0.5)]


def _other(data: bytes, number: int) -> bytes:
    """Return the same figures as a file that was not seen before."""
    return data + b"\n" * (number + 2)


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as server:
        return int(server.getsockname()[1])


def _await(url: str) -> None:
    for _ in range(300):
        try:
            httpx.get(url)
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise SystemExit(f"{url} does not answer.")


def _processor_seconds(pid: int) -> float:
    """Return what a process, its children and what these have waited for have used."""
    spent = sum(int(each) for each in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:15]) / TICKS
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return spent + sum(_processor_seconds(int(child)) for child in children)


if __name__ == "__main__":
    main()
