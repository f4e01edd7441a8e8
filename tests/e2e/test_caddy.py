"""The site as the containers serve it: a real Caddy with `deploy/Caddyfile`, before and after the first release."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
import yaml

from ingestion.settings import PROJECT_ROOT
from ingestion.store.atomic import write_json
from ingestion.store.home import Home
from ingestion.store.published import point_at
from tests.e2e.running_stack import free_port

CADDY = shutil.which("caddy")
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not CADDY, reason="The containers' site needs Caddy (Debian: apt-get install caddy)."),
]
MOST_SECONDS = 30


def ask(port: int, path: str) -> tuple[int, str, str]:
    """Return status, final path and text of an answer, after the redirects that a browser follows."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=MOST_SECONDS) as answer:
            return answer.status, answer.url.partition(str(port))[2], answer.read().decode()
    except HTTPError as refusal:
        return refusal.code, refusal.url.partition(str(port))[2], refusal.read().decode()


@contextmanager
def serving(port: int, command: list[str], environment: dict[str, str]) -> Iterator[None]:
    """Run a server until the block ends; it answers when the block begins."""
    with subprocess.Popen(command, cwd=PROJECT_ROOT, env={**os.environ, **environment}) as server:
        try:
            deadline = time.monotonic() + MOST_SECONDS
            while True:
                try:
                    ask(port, "/healthy")
                    break
                except URLError:
                    assert server.poll() is None and time.monotonic() < deadline, f"{command[0]} does not answer"
                    time.sleep(0.05)
            yield
        finally:
            server.terminate()


@contextmanager
def doors(settings, port: int) -> Iterator[None]:
    """The program behind Caddy."""
    environment = {"PCM_HOME": str(settings.home), "PCM_SITE_PORT": str(port)}
    with serving(port, [sys.executable, "-m", "ingestion.doors.site"], environment):
        yield


@pytest.fixture
def ports() -> tuple[int, int]:
    """Caddy's port, and that of the program behind it."""
    return free_port(), free_port()


@pytest.fixture
def site(settings, ports, tmp_path) -> Iterator[int]:
    """The port of a Caddy over the home of `settings`: only places and names differ from the containers'."""
    ours, behind = ports
    text = (PROJECT_ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    for name, here in (("/srv/pcm/home", str(settings.home)), ("doors:8090", f"127.0.0.1:{behind}")):
        assert name in text
        text = text.replace(name, here)
    (tmp_path / "Caddyfile").write_text(text, encoding="utf-8")
    environment = {"PCM_SITE_ADDRESS": f":{ours}", "PCM_PORTAL_ADDRESS": f":{free_port()}", "HOME": str(tmp_path)}
    command = [str(CADDY), "run", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"]
    with serving(ours, command, environment):
        yield ours


def health_path() -> str:
    services = yaml.safe_load((PROJECT_ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    return services["site"]["healthcheck"]["test"][-1].removeprefix("http://localhost:8080")


def test_before_the_first_release_it_is_healthy_and_says_that_nothing_is_published(settings, site, ports):
    assert ask(site, health_path())[0] == 200
    with doors(settings, ports[1]):
        status, path, text = ask(site, "/")
    assert (status, path) == (503, "/latest/en/")
    assert "Nothing is published yet" in text


def test_a_release_is_served_without_the_program_but_for_what_is_asked_of_it(settings, site, ports):
    folder = Home(settings.home).releases / "2026.1"
    (folder / "site" / "en").mkdir(parents=True)
    (folder / "csv").mkdir()
    (folder / "site" / "en" / "index.html").write_text("<h1>Release 1</h1>")
    (folder / "csv" / "dim_country.csv").write_text("country_code\n")
    write_json(folder / "release.json", {"release_id": "2026.1", "release_sequence": 1})
    write_json(folder / "manifest.json", {"small": "counts"})
    point_at(settings, "2026.1")
    for address in ("/", "/latest/en/", "/latest/en/index.html", "/r/2026.1/en/"):
        status, path, text = ask(site, address)
        assert (status, text) == (200, "<h1>Release 1</h1>")
        assert path == ("/latest/en/" if address == "/" else address)
    assert ask(site, "/data/2026.1/csv/dim_country.csv")[2] == "country_code\n"
    assert ask(site, "/data/2026.1/manifest.json")[0] == 404
    assert ask(site, "/releases")[0] == 502, "the program was not started"
    with doors(settings, ports[1]):
        assert "2026.1" in ask(site, "/releases")[2]
        newer = {"release_id": "2026.2", "release_sequence": 2}
        write_json(folder.with_name("2026.2") / "release.json", newer)
        (folder / "site" / "en" / "index.html").write_text("<body><h1>Release 1</h1></body>")
        point_at(settings, "2026.2")
        assert "A newer release exists: 2026.2" in ask(site, "/r/2026.1/en/")[2]
