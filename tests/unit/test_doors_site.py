"""The site server shows what was published, and nothing else."""

import hashlib

import pytest
from starlette.testclient import TestClient

from ingestion.doors import explore
from ingestion.doors.site import make_site
from ingestion.release.contents import checksums
from ingestion.store.atomic import write_json
from ingestion.store.home import Home
from ingestion.store.published import point_at, record_withdrawal


@pytest.fixture
def client(settings):
    return TestClient(make_site(settings), follow_redirects=False)


@pytest.fixture
def published(settings):
    """Two releases of a page, a warehouse and a manifest each; the second is current. A third was never published."""
    for number in (1, 2, 3):
        folder = Home(settings.home).releases / f"2026.{number}"
        (folder / "site" / "en").mkdir(parents=True)
        (folder / "csv").mkdir()
        (folder / "site" / "en" / "index.html").write_text(f"<h1>Release {number}</h1>")
        (folder / "csv" / "dim_country.csv").write_text("country_code\nLU\n")
        (folder / "warehouse.duckdb").write_bytes(bytes(range(200)))
        write_json(folder / "release.json", {"release_id": folder.name, "release_sequence": number})
        write_json(folder / "manifest.json", {})
    point_at(settings, "2026.2")


def test_before_the_first_release_it_says_so(client):
    answer = client.get("/", follow_redirects=True)
    assert answer.status_code == 503
    assert "Nothing is published yet" in answer.text


def test_the_front_page_leads_to_the_current_release(client, published):
    answer = client.get("/", follow_redirects=True)
    assert answer.url.path == "/r/2026.2/en/"
    assert answer.text == "<h1>Release 2</h1>"


def test_pages_are_asked_for_again_because_a_release_may_be_withdrawn_and_files_never(client, published):
    assert "immutable" not in client.get("/latest/en/").headers.get("cache-control", "")
    assert client.get("/r/2026.2/en/").headers["cache-control"] == "no-cache"
    assert "immutable" in client.get("/releases/2026.2/csv/dim_country.csv").headers["cache-control"]


def test_an_earlier_release_stays_readable(client, published):
    assert "<h1>Release 1</h1>" in client.get("/r/2026.1/en/").text


def test_a_folder_shows_its_index_at_an_address_whose_relative_links_work(client, published):
    answer = client.get("/r/2026.1/en")
    assert (answer.status_code, answer.headers["location"]) == (302, "/r/2026.1/en/")


def test_data_can_be_downloaded_in_parts(client, published):
    answer = client.get("/data/2026.1/warehouse.duckdb", headers={"Range": "bytes=10-13"})
    assert (answer.status_code, answer.content) == (206, bytes([10, 11, 12, 13]))
    assert client.get("/data/2026.1/csv/dim_country.csv").text == "country_code\nLU\n"


def test_a_file_of_a_release_has_a_stable_address_and_the_current_one_leads_to_it(client, published):
    led = client.get("/releases/current/csv/dim_country.csv")
    assert (led.status_code, led.headers["location"]) == (302, "/releases/2026.2/csv/dim_country.csv")
    assert "immutable" not in led.headers["cache-control"]
    assert client.get(led.headers["location"]).text == "country_code\nLU\n"
    assert client.get("/releases").json()[-1] == {"release_id": "2026.2", "is_current": True, "is_withdrawn": False}


def test_a_withdrawn_release_says_so_in_the_list_and_in_the_language_of_each_page(client, published, settings):
    for code in ("en", "fr"):
        page = Home(settings.home).releases / "2026.1" / "site" / code / "index.html"
        page.parent.mkdir(exist_ok=True)
        page.write_text("<html><body class='a'><h1>1</h1></body></html>")
    notice = {"release_id": "2026.1", "withdrawn_at": "2026-11-26T10:00:00+00:00", "reason": "Wrong <population>"}
    record_withdrawal(settings, "2026.1", {**notice, "withdrawn_by": "Ada"})
    assert "La publication 2026.1 a été retirée le 26 nov. 2026" in client.get("/r/2026.1/fr/").text
    shown = client.get("/r/2026.1/en/index.html").text
    assert "Release 2026.1 was withdrawn on 26 Nov 2026: Wrong &lt;population&gt;" in shown
    assert [each["is_withdrawn"] for each in client.get("/releases").json()] == [True, False]
    assert client.get("/notice.css").headers["content-type"].startswith("text/css")


def test_a_release_that_is_not_the_current_one_leads_to_the_same_page_there(client, published, settings):
    page = "<html><body class='a'><a class='skip'></a><header>Menu</header><main>1</main></body></html>"
    for release_id in ("2026.1", "2026.2"):
        (Home(settings.home).releases / release_id / "site" / "en" / "index.html").write_text(page)
    (Home(settings.home).releases / "2026.1" / "site" / "en" / "gone.html").write_text(page)
    shown = client.get("/r/2026.1/en/").text
    assert '<a href="/r/2026.2/en/">A newer release exists: 2026.2</a>' in shown
    assert shown.index("Menu") < shown.index("A newer release") < shown.index("<main>"), "below the masthead"
    assert '<a href="/r/2026.2/en/">A newer' in client.get("/r/2026.1/en/gone.html").text
    assert client.get("/r/2026.2/en/").text == page
    point_at(settings, "2026.1")
    assert '<a href="/r/2026.1/en/">The current release is 2026.1</a>' in client.get("/r/2026.2/en/").text


def test_a_file_bears_its_hash_and_is_not_sent_twice(client, published, settings):
    folder = Home(settings.home).releases / "2026.1"
    (folder / "SHA256SUMS").write_text(checksums(folder))
    answer = client.get("/releases/2026.1/warehouse.duckdb")
    tag = answer.headers["etag"]
    assert tag == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert client.get("/releases/2026.1/warehouse.duckdb", headers={"If-None-Match": tag}).status_code == 304
    part = client.get("/releases/2026.1/warehouse.duckdb", headers={"Range": "bytes=0-1", "If-Range": tag})
    assert (part.status_code, part.content) == (206, b"\x00\x01")


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("warehouse.duckdb", "application/vnd.duckdb"),
        ("parquet/a.parquet", "application/vnd.apache.parquet"),
        ("csv/a.csv", "text/csv; charset=utf-8"),
        ("sdmx/structures.xml", "application/xml"),
        ("datapackage.json", "application/json"),
        ("dcat.jsonld", "application/ld+json"),
        ("dictionary.html", "text/html; charset=utf-8"),
    ],
)
def test_files_say_what_they_are(client, published, settings, path, media_type):
    file = Home(settings.home).releases / "2026.1" / path
    file.parent.mkdir(exist_ok=True)
    file.write_text("x")
    answer = client.get(f"/releases/2026.1/{path}")
    assert (answer.headers["content-type"], answer.headers["accept-ranges"]) == (media_type, "bytes")


@pytest.mark.parametrize(
    "address",
    [
        "/r/2026.3/en/index.html",  # assembled, never published
        "/r/2026.9/en/index.html",
        "/r/2026.1/en/no-such-page.html",
        "/r/2026.1/../../ledger.sqlite",
        "/r/2026.1/%2e%2e/%2e%2e/%2e%2e/ledger.sqlite",
        "/r/2026.1/%2e%2e/manifest.json",
        "/r/..%2f..%2fledger.sqlite",
        "/r/current/en/index.html",
        "/r/2026.1/en/%00",
        "/data/2026.1/manifest.json",
        "/releases/2026.1/manifest.json",
        "/releases/2026.3/warehouse.duckdb",
        "/releases/current/../../ledger.sqlite",
        "/data/2026.1/csv/%2e%2e/manifest.json",
        "/data/2026.1/csv/",
        "/data/2026.1/csv",
        "/ledger.sqlite",
    ],
)
def test_nothing_else_can_be_had(client, published, settings, address):
    Home(settings.home).ledger.write_text("secret")
    assert client.get(address).status_code == 404


def test_where_an_address_leads_nowhere_people_find_a_way_home_in_their_language(client, published):
    for address, code in (("/r/2026.1/fr/gone.html", "fr"), ("/nowhere", "en"), ("/r/2026.9/%3Cb%3E/", "en")):
        answer = client.get(address, headers={"Accept": "text/html,*/*"})
        assert answer.status_code == 404 and "default-src 'none'" in answer.headers["content-security-policy"]
        assert f'<html lang="{code}">' in answer.text and f'href="/latest/{code}/"' in answer.text
        assert "<b>" not in answer.text
    assert client.get("/r/2026.1/fr/gone.html").text == "Not found\n"


def test_a_link_out_of_the_release_is_not_followed(client, published, settings):
    (settings.home / "secret").write_text("secret")
    (Home(settings.home).releases / "2026.1" / "site" / "out").symlink_to(settings.home / "secret")
    assert client.get("/r/2026.1/out").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_it_can_only_be_read(client, published, method):
    assert client.request(method, "/r/2026.1/en/").status_code == 405


def test_pages_run_no_script_and_send_nothing_elsewhere(client, published):
    headers = client.get("/r/2026.2/en/").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


# SQL in the browser


def test_only_the_page_for_questions_may_compile_an_engine(client, published):
    policies = {path: client.get(path).headers["content-security-policy"] for path in ("/explore/", "/r/2026.2/en/")}
    assert "'wasm-unsafe-eval'" in policies["/explore/"] and "script-src" not in policies["/r/2026.2/en/"]
    assert all(each.startswith("default-src 'none'") and "unsafe-inline" not in each for each in policies.values())


def test_without_the_engine_the_page_says_how_to_get_it(client, monkeypatch, tmp_path):
    (tmp_path / "missing.html").write_bytes((explore.FOLDER / "missing.html").read_bytes())
    monkeypatch.setattr(explore, "FOLDER", tmp_path)
    assert "make explore" in client.get("/explore/").text
    assert client.get("/explore/built/engine.wasm").status_code == 404


@pytest.mark.parametrize("name", ["package.json", "..%2fREADME.md", "built/..%2f..%2fREADME.md", "index.html"])
def test_nothing_but_the_files_of_the_page_is_sent(client, name):
    assert client.get(f"/explore/{name}").status_code == 404


def test_there_are_ten_examples_which_need_nothing_but_a_release(client):
    examples = client.get("/explore/questions.json").json()
    assert len({each["title"] for each in examples}) == len(examples) == 10
    assert not any("read_csv" in each["sql"] for each in examples)
