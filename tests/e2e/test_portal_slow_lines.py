"""Slow lines at a portal that runs as in production: cut off soon, and nobody else waits or loses anything for them."""

import contextlib
import socket
import time

import httpx
import psutil
import pytest

from benchmarks.portal import Contact, serving
from ingestion.portal.entrance import accounts
from ingestion.portal.web.steady_lines import MOST_HEAD_BYTES, MOST_LINES
from tests.files import as_lines, csv_text, figures

pytestmark = pytest.mark.e2e
SLOW_SECONDS, PAUSE_SECONDS = 1.0, 0.1
# Time enough for a busy machine; a line that was never cut off would last longer.
MOST_SECONDS = 30
MEGABYTE = 1 << 20
GOOD = csv_text(as_lines(figures())).encode()
LARGE = GOOD + b"\n" * (8 * MEGABYTE)  # more than the kernel keeps for a line


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """Where a portal listens, a contact who is signed in, and the header of the contact's programs."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PCM_SLOW_SECONDS", str(SLOW_SECONDS))
        with serving(tmp_path_factory.mktemp("slow")) as (settings, url, _):
            contact = Contact(settings, url, "LU")
            yield settings, contact, {"Authorization": f"Bearer {accounts.new_token(settings, 'lu@example.org')}"}


def connection(settings):
    return socket.create_connection(("127.0.0.1", settings.portal_port), timeout=MOST_SECONDS)


def head(verb, path, **headers):
    lines = [
        f"{verb} {path} HTTP/1.1",
        "Host: x",
        *(f"{name.replace('_', '-')}: {said}" for name, said in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def trickle(line, data=b"x" * 10_000):
    """Send a byte at a time until the other side has had enough; return what it said."""
    start = time.monotonic()
    line.settimeout(PAUSE_SECONDS)
    for byte in data:
        assert time.monotonic() - start < MOST_SECONDS
        with contextlib.suppress(OSError):
            line.sendall(bytes([byte]))
        try:
            return line.recv(1000)
        except TimeoutError:
            continue
        except ConnectionError:
            return b""
    raise AssertionError("all of it was taken")


def is_healthy(settings):
    return httpx.get(f"http://127.0.0.1:{settings.portal_port}/healthy", timeout=MOST_SECONDS).status_code == 200


def test_a_head_that_trickles_is_ended(portal):
    settings, _, _ = portal
    with connection(settings) as line, connection(settings) as silent:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert b" 408 " in trickle(line)
        assert b" 408 " in silent.recv(1000)
    with connection(settings) as line:  # empty lines between requests are no request
        line.sendall(head("GET", "/healthy"))
        said = b""
        while not said.endswith(b"healthy\n"):
            said += line.recv(1000)
        assert b" 408 " in trickle(line, b"\r\n" * 5000)
    assert is_healthy(settings)


def test_a_head_without_end_is_ended_before_it_fills_the_memory(portal):
    settings, _, _ = portal
    with connection(settings) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Long: y\r\n" * (MOST_HEAD_BYTES // 11))
        assert b" 431 " in line.recv(1000)


def test_too_many_lines_are_told_so_and_the_others_go_on(portal):
    settings, _, _ = portal
    with contextlib.ExitStack() as lines, httpx.Client(base_url=f"http://127.0.0.1:{settings.portal_port}") as early:
        assert early.get("/healthy").status_code == 200
        opened = [lines.enter_context(connection(settings)) for _ in range(MOST_LINES + 50)]
        assert [line.recv(20).split()[1] for line in opened[-10:]] == [b"503"] * 10
        assert early.get("/healthy").status_code == 200
    assert is_healthy(settings)


def test_a_body_that_trickles_is_ended_and_others_are_served_meanwhile(portal):
    settings, contact, token = portal
    before = len(list((settings.home / "portal" / "LU").glob("LU-*")))
    with contextlib.ExitStack() as lines:
        slow = [lines.enter_context(connection(settings)) for _ in range(20)]
        for line in slow:
            line.sendall(head("POST", "/api/v1/uploads?country=LU", Content_Length=len(GOOD), **token) + GOOD[:100])
        assert contact.upload(GOOD + b"\n").status <= 303
        assert b" 408 " in trickle(slow[0])
        assert all(b" 408 " in line.recv(1000) for line in slow[1:])
    assert len(list((settings.home / "portal" / "LU").glob("LU-*"))) == before + 1


def test_a_piece_that_trickles_is_ended_and_what_had_come_stays(portal):
    settings, _, token = portal
    url, tus = f"http://127.0.0.1:{settings.portal_port}", token | {"Tus-Resumable": "1.0.0"}
    said = {"Upload-Length": str(len(GOOD)), "Upload-Metadata": "country TFU="}
    place = httpx.post(f"{url}/api/v1/resumable", headers=tus | said, timeout=MOST_SECONDS).headers["location"]
    with connection(settings) as line:
        piece = {"Content_Type": "application/offset+octet-stream", "Upload_Offset": 0, "Content_Length": len(GOOD)}
        line.sendall(head("PATCH", place, **tus, **piece) + GOOD[:100])
        trickle(line, GOOD[100:])
    start = time.monotonic()
    while (came := int(httpx.head(f"{url}{place}", headers=tus).headers["upload-offset"])) < 100:
        assert time.monotonic() - start < MOST_SECONDS
    rest = {"Content-Type": piece["Content_Type"], "Upload-Offset": str(came)}
    assert httpx.patch(f"{url}{place}", headers=tus | rest, content=GOOD[came:]).status_code == 204


def test_a_reader_who_takes_nothing_holds_no_memory_and_is_cut_off(portal):
    settings, contact, token = portal
    place, _ = contact.send(LARGE)
    url = f"http://127.0.0.1:{settings.portal_port}"
    upload_id = place.rsplit("/", 1)[1]
    assert httpx.post(f"{url}/api/v1/uploads/{upload_id}/send", headers=token, timeout=120).status_code == 200
    [process] = [each for each in psutil.Process().children() if "ingestion.portal" in each.cmdline()]
    before = process.memory_info().rss
    with contextlib.ExitStack() as lines:
        slow = [lines.enter_context(connection(settings)) for _ in range(10)]
        for line in slow:
            line.sendall(head("GET", f"/api/v1/submissions/{upload_id}/original", **token))
        start = time.monotonic()
        while len(process.net_connections()) > 1:
            assert time.monotonic() - start < MOST_SECONDS
            assert process.memory_info().rss - before < 10 * MEGABYTE
            time.sleep(PAUSE_SECONDS)
    assert is_healthy(settings)
