"""Resumable uploads: the tus protocol 1.0.0 as it is written (https://tus.io/protocols/resumable-upload), and what it
is for: a line that breaks at any byte, and a server that is killed, cost nothing that had come."""

import base64
import hashlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from ingestion.ledger.audit_log import audit_lines
from ingestion.portal.app import make_portal
from ingestion.portal.entrance import accounts
from ingestion.portal.programs import resumable
from ingestion.portal.roles import ROLES
from ingestion.portal.sending import arriving, drafts
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.store.atomic import remove_folder
from ingestion.store.home import Home
from tests.files import as_lines, csv_text, figures
from tests.portal_visits import bearer, browser, cheap_hashes, invited, signed_in

PATH = "/api/v1/resumable"
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = TUS | {"Content-Type": "application/offset+octet-stream"}
GOOD = csv_text(as_lines(figures())).encode()
SIZE, HALF = len(GOOD), len(GOOD) // 2

pytestmark = pytest.mark.usefixtures("cheap_hashes")
assert cheap_hashes


@pytest.fixture
def app(settings):
    return make_portal(settings)


@pytest.fixture
def client(settings, app):
    invited(settings)
    made = browser(app)
    made.headers.update(TUS | bearer(settings, "lu@example.org"))
    return made


def b64(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def begin(client, size=SIZE, country="LU", name="figures.csv"):
    said = f"filename {b64(name)},country {b64(country)}"
    return client.post(PATH, headers={"Upload-Length": str(size), "Upload-Metadata": said})


def send(client, place, offset, data, **more):
    return client.patch(place, headers=PIECE | {"Upload-Offset": str(offset)} | more, content=data)


def original(settings, answer):
    return drafts.find_draft(settings, answer.headers["upload-draft"]).original.read_bytes()


def test_a_file_comes_in_pieces_and_is_a_draft_when_the_last_has_come(settings, client):
    begun = begin(client)
    assert (begun.status_code, begun.headers["upload-offset"], begun.headers["tus-resumable"]) == (201, "0", "1.0.0")
    place = begun.headers["location"]
    first = send(client, place, 0, GOOD[:HALF])
    assert (first.status_code, first.headers["upload-offset"]) == (204, str(HALF))
    assert drafts.drafts_of(settings, "LU") == []
    asked = client.head(place)
    assert (asked.headers["upload-offset"], asked.headers["upload-length"]) == (str(HALF), str(len(GOOD)))
    assert asked.headers["cache-control"] == "no-store"
    last = send(client, place, HALF, GOOD[HALF:])
    assert original(settings, last) == GOOD
    assert last.headers["upload-sha256"] == hashlib.sha256(GOOD).hexdigest()
    again = client.head(place)  # the last answer may have been lost
    assert again.headers["upload-draft"] == last.headers["upload-draft"]
    assert again.headers["upload-offset"] == str(len(GOOD))
    shown = client.get(f"/api/v1/uploads/{last.headers['upload-draft']}").json()
    assert (shown["original_name"], shown["verdict"]) == ("figures.csv", "accepted")


def test_options_tell_what_can_be_used(client):
    told = client.options(PATH).headers
    assert told["tus-version"] == "1.0.0"
    assert set(told["tus-extension"].split(",")) == {"creation", "checksum", "termination", "expiration"}
    assert told["tus-max-size"] == str(200 << 20)
    assert "sha1" in told["tus-checksum-algorithm"].split(",")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Content-Type": "text/csv"}, 415),
        ({"Upload-Offset": "1"}, 409),
        ({"Upload-Offset": str(len(GOOD))}, 409),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": ""}, 400),
        ({"Upload-Checksum": "md5 " + b64(b"x")}, 400),
        ({"Upload-Checksum": "sha1 é"}, 400),
        ({"Upload-Checksum": "sha1 " + b64(hashlib.sha1(b"x").digest())}, 460),
    ],
)
def test_a_piece_that_is_refused_adds_nothing(client, headers, status):
    place = begin(client).headers["location"]
    known = {name: value.encode() for name, value in (PIECE | {"Upload-Offset": "0"} | headers).items()}
    refused = client.patch(place, headers=known, content=GOOD)
    assert (refused.status_code, refused.headers["tus-resumable"]) == (status, "1.0.0")
    assert client.head(place).headers["upload-offset"] == "0"


def test_a_piece_with_its_checksum_is_taken(client):
    place = begin(client).headers["location"]
    for name in ("sha1", "sha256"):
        piece = {"sha1": GOOD[:HALF], "sha256": GOOD[HALF:]}[name]
        told = f"{name} {b64(hashlib.new(name, piece).digest())}"
        offset = 0 if name == "sha1" else HALF
        assert send(client, place, offset, piece, **{"Upload-Checksum": told}).status_code == 204


def test_no_more_comes_than_was_said(client):
    place = begin(client, size=10).headers["location"]
    assert send(client, place, 0, GOOD).status_code == 413
    assert client.head(place).headers["upload-offset"] == "0"


@pytest.mark.parametrize("size", ["", "x", "-1", "1e3", "9" * 30])
def test_a_length_that_is_none_is_refused(client, size):
    assert begin(client, size=size).status_code == 400


def test_more_than_may_be_uploaded_is_refused_before_it_comes(client):
    assert begin(client, size=(200 << 20) + 1).status_code == 413


def test_an_empty_file_is_whole_at_once(settings, client):
    assert original(settings, begin(client, size=0)) == b""


def test_who_gives_up_is_forgotten_and_it_is_in_the_log(settings, client):
    place = begin(client).headers["location"]
    assert client.delete(place).status_code == 204
    assert [client.head(place).status_code, client.delete(place).status_code] == [404, 404]
    assert audit_lines(settings)[-1]["action"] == "give up"


def test_what_goes_in_the_moment_in_which_it_becomes_a_draft_does_not_come_back(settings, client, monkeypatch):
    place = begin(client).headers["location"]
    [folder] = (Home(settings.home).portal / "arriving").iterdir()
    read_json = arriving.read_json

    def read_and_gone(path):
        known = read_json(path)
        remove_folder(folder)
        return known

    monkeypatch.setattr(arriving, "read_json", read_and_gone)
    with pytest.raises(FileNotFoundError):
        arriving.settle(settings, arriving.Arriving(folder.name, folder), invited(settings, "be@example.org"))
    monkeypatch.undo()
    assert client.head(place).status_code == 404
    assert begin(client).status_code == 201


def test_a_proxy_that_knows_no_patch_is_no_hindrance(settings, client):
    place = begin(client).headers["location"]
    over = PIECE | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert original(settings, client.post(place, headers=over, content=GOOD)) == GOOD
    assert client.post(place, headers={"X-HTTP-Method-Override": "DELETE"}).status_code == 204
    assert client.post(begin(client).headers["location"]).status_code == 405


def test_what_was_left_for_a_day_is_forgotten(settings, client):
    place = begin(client).headers["location"]
    [folder] = (Home(settings.home).portal / "arriving").iterdir()
    for path in folder.iterdir():
        os.utime(path, (time.time() - arriving.LIFETIME_SECONDS - 1,) * 2)
    assert client.head(place).status_code == 404
    assert begin(client).status_code == 201
    assert not folder.exists()


def test_nobody_fills_the_disk_with_beginnings(client, monkeypatch):
    monkeypatch.setattr(arriving, "MOST_OF_ONE_ACCOUNT", 2)
    assert [begin(client).status_code for _ in range(3)] == [201, 201, 429]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("is_own", [True, False])
def test_role_and_country(settings, app, role, is_own):
    account = invited(settings, "who@example.org", role, ("LU",) if is_own else ("BE",))
    client = browser(app)
    client.headers.update(TUS | bearer(settings, account.email))
    sees = is_own or role == "steward"
    assert begin(client).status_code == ((201 if "upload" in ROLES[role] else 403) if sees else 404)


def test_an_upload_is_its_sender_s_alone(settings, app, client):
    place = begin(client).headers["location"]
    invited(settings, "colleague@example.org")
    other = browser(app)
    other.headers.update(TUS | bearer(settings, "colleague@example.org"))
    nowhere = f"{PATH}/{'0' * 32}"
    for path in (place, nowhere):
        answers = [other.head(path), send(other, path, 0, GOOD), other.delete(path)]
        assert [answer.status_code for answer in answers] == [404] * 3
    accounts.invite(settings, "lu@example.org", role="viewer", countries=("LU",))
    assert client.head(place).status_code == 403


def test_a_script_of_our_page_needs_what_only_our_page_knows(settings, app):
    invited(settings)
    client = signed_in(app)
    client.headers.update(TUS)
    assert begin(client).status_code == 400
    client.headers.update({"X-Form-Token": "0" * 64})
    assert begin(client).status_code == 400
    client.headers.update({"X-Form-Token": client.token})
    assert begin(client).status_code == 201
    assert begin(browser(app)).status_code == 412


# Lines that break


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A portal that listens, with one contact."""
    import uvicorn

    settings = Settings(home=tmp_path_factory.mktemp("served"))
    Home(settings.home).create()
    account = invited(settings)
    server = uvicorn.Server(uvicorn.Config(make_portal(settings), port=0, log_level="error"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield settings, listener.getsockname(), accounts.new_token(settings, account.email)
        server.should_exit = True
        thread.join(10)


def cut_off(address, token, place, offset, piece, sent):
    """Send a part of a request, and hang up, the hard way or politely."""
    head = "".join(
        f"{name}: {value}\r\n"
        for name, value in (PIECE | {"Host": "x", "Authorization": f"Bearer {token}", "Upload-Offset": offset}).items()
    )
    request = f"PATCH {place} HTTP/1.1\r\n{head}Content-Length: {len(piece)}\r\n\r\n".encode() + piece
    with socket.create_connection(address) as connection:
        connection.sendall(request[:sent])


@examples(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(), size=st.integers(1, 300_000), cuts=st.lists(st.floats(0, 1), max_size=4))
def test_a_line_that_breaks_at_any_byte_costs_nothing_that_had_come(served, seed, size, cuts):
    settings, address, token = served
    data = random.Random(seed).randbytes(size)
    with httpx.Client(
        base_url=f"http://{address[0]}:{address[1]}", headers=TUS | {"Authorization": f"Bearer {token}"}
    ) as client:
        place, known = begin(client, size=size).headers["location"], 0
        for cut in cuts:
            offset = int(client.head(place).headers["upload-offset"])
            assert offset >= known  # what was told once stays
            known = offset
            cut_off(address, token, place, offset, data[offset:], int(cut * (size - offset + 400)))
        answer = client.head(place)
        while "upload-draft" not in answer.headers:  # a piece that was on its way may still come in between: 409
            offset = int(client.head(place).headers["upload-offset"])
            answer = send(client, place, offset, data[offset:])
            answer = answer if answer.status_code == 204 else client.head(place)
        assert original(settings, answer) == data
        assert answer.headers["upload-sha256"] == hashlib.sha256(data).hexdigest()


def test_a_server_that_is_killed_during_an_upload_goes_on_where_it_was(settings):
    invited(settings)
    token = bearer(settings, "lu@example.org")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "PCM_HOME": str(settings.home), "PCM_PORTAL_PORT": str(port)}

    def start():
        server = subprocess.Popen((sys.executable, "-m", "ingestion.portal"), cwd=PROJECT_ROOT, env=environment)
        for _ in range(600):
            try:
                assert httpx.get(f"http://127.0.0.1:{port}/healthy").status_code == 200
                return server
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError("the portal did not start")

    data = random.Random(1).randbytes(3 * resumable.WRITE_BYTES)
    server = start()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=TUS | token) as client:
        place = begin(client, size=len(data)).headers["location"]
        going = http.client.HTTPConnection("127.0.0.1", port)
        going.putrequest("PATCH", place)
        for name, value in (PIECE | token | {"Upload-Offset": "0", "Content-Length": str(len(data))}).items():
            going.putheader(name, value)
        going.endheaders(data[: 2 * resumable.WRITE_BYTES])
        for _ in range(600):
            if (known := int(client.head(place).headers["upload-offset"])) >= resumable.WRITE_BYTES:
                break
            time.sleep(0.05)
        assert 0 < known < len(data)
    server.send_signal(signal.SIGKILL)
    server.wait()
    going.close()
    server = start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=TUS | token) as client:
            offset = int(client.head(place).headers["upload-offset"])
            assert offset >= known
            assert original(settings, send(client, place, offset, data[offset:])) == data
    finally:
        server.kill()
        server.wait()
