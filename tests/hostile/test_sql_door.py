"""The SQL door answers a question on a release and nothing else, whatever is sent; asked from another process."""

import io
import json
import os
import subprocess
import sys
import threading
import time

import httpx
import pandas as pd
import pyarrow
import pytest

from ingestion.doors.sql import AT_ONCE, LONGEST_QUERY_BYTES
from ingestion.doors.sql_child import Refused, answer
from ingestion.doors.tokens import create_token
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.store.atomic import write_json
from ingestion.store.home import Home
from ingestion.store.published import point_at
from ingestion.warehouse.landing import create_database
from tests.e2e.running_stack import free_port

SECONDS = 1
MAX_ROWS = 1000
SECRET = "Sesame"
AS_JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    """A site server of two small releases in a process of its own, with a token."""
    settings = Settings(home=tmp_path_factory.mktemp("home") / "home", site_port=free_port())
    home = Home(settings.home).create()
    for number in (1, 2):
        folder = home.releases / f"2026.{number}"
        folder.mkdir()
        with create_database(folder / "warehouse.duckdb") as connection:
            connection.execute("create schema marts; create schema catalogue")
            connection.execute(
                f"create table marts.figures as select i as id, i / {number} as value from range(100) t(i)"
            )
        write_json(folder / "release.json", {"release_id": folder.name, "release_sequence": number})
    point_at(settings, "2026.2")
    (settings.home / "secret.csv").write_text(f"word\n{SECRET}\n")
    (settings.home / "secret.json").write_text(json.dumps([{"word": SECRET}]))
    pd.DataFrame({"word": [SECRET]}).to_parquet(settings.home / "secret.parquet")
    token = create_token(settings, "analyst")
    limits = {"PCM_SQL_SECONDS": SECONDS, "PCM_SQL_MAX_ROWS": MAX_ROWS, "PCM_SQL_MEMORY_MB": 100}
    environment = {"PCM_HOME": settings.home, "PCM_SITE_PORT": settings.site_port, **limits}
    server = subprocess.Popen(
        [sys.executable, "-m", "ingestion.doors.site"],
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT), **{name: str(each) for name, each in environment.items()}},
    )
    client = httpx.Client(
        base_url=f"http://127.0.0.1:{settings.site_port}",
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
        trust_env=False,
    )
    try:
        _wait_until_up(client)
        yield Door(client, server, settings, token)
    finally:
        client.close()
        server.terminate()
        server.wait(10)


class Door:
    def __init__(self, client: httpx.Client, server: subprocess.Popen, settings: Settings, token: str) -> None:
        self.client, self.server, self.settings, self.token = client, server, settings, token
        self.url = f"{client.base_url}/sql".replace("//sql", "/sql")

    def ask(self, sql: str, **given: str) -> httpx.Response:
        return self.client.get("/sql", params={"query": sql, **given})


def _wait_until_up(client: httpx.Client) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            client.get("/healthy")
            return
        except httpx.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_pandas_reads_an_answer_by_its_address(door):
    frame = pd.read_csv(
        f"{door.url}?query=select%20count(*)%20as%20n,%20max(value)%20as%20top%20from%20figures",
        storage_options={"Authorization": f"Bearer {door.token}"},
    )
    assert frame.to_dict("records") == [{"n": 100, "top": 49.5}]


def test_json_and_arrow_hold_the_same(door):
    sql = "select id, value, id > 1 as is_large, null as nothing from figures order by id limit 3"
    as_json = door.client.post("/sql", json={"query": sql, "format": "json"})
    as_arrow = door.client.post("/sql", content=sql, headers={"Accept": "application/vnd.apache.arrow.stream"})
    assert pyarrow.ipc.open_stream(io.BytesIO(as_arrow.content)).read_all().to_pylist() == as_json.json()
    assert as_json.json()[2] == {"id": 2, "value": 1.0, "is_large": True, "nothing": None}
    assert as_json.headers["pcm-release"] == "2026.2"


def test_csv_writes_what_duckdb_would(door):
    answer = door.ask("""select true as yes, null as nothing, 'a "b", c' as words, date '2026-01-02' as day""")
    assert answer.text == 'yes,nothing,words,day\ntrue,,"a ""b"", c",2026-01-02\n'
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def test_numbers_that_json_cannot_hold_are_null(door):
    answer = door.ask("select 'nan'::double as a, ['inf'::double] as b, map {1: 'x'} as c", format="json")
    assert answer.json() == [{"a": None, "b": [None], "c": {"1": "x"}}]


def test_an_earlier_release_can_be_asked(door):
    assert door.ask("select max(value) as top from figures", release="2026.1").text == "top\n99.0\n"
    answer = door.ask("select 1", release="2026.3")
    assert (answer.status_code, answer.json()["detail"]) == (404, "There are: 2026.1, 2026.2.")
    assert door.ask("select 1", release="../..").status_code == 404


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer", "Basic abc", "Bearer \xe9"])
def test_without_a_token_nothing_is_answered(door, header):
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    answer = httpx.get(door.url, params={"query": "select 1"}, headers=headers, trust_env=False)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "pcm token create" in answer.json()["detail"]


def test_problems_can_be_had_as_text(door):
    answer = door.client.get("/sql", params={"query": "select nope"}, headers={"Accept": "text/plain"})
    assert answer.status_code == 400
    assert answer.text.startswith("The query cannot be answered. ") and "nope" in answer.text


OUTSIDE = {
    "a file": "from read_csv('{home}/secret.csv')",
    "a file by its name": "from '{home}/secret.csv'",
    "passwords": "from read_csv('/etc/passwd')",
    "text": "from read_text('/etc/passwd')",
    "bytes": "from read_blob('/proc/self/environ')",
    "a folder": "from glob('/*')",
    "parquet": "from read_parquet('{home}/secret.parquet')",
    "json": "from read_json('{home}/secret.json')",
    "sniffing": "from sniff_csv('/etc/passwd')",
    "the network": "from read_csv('http://127.0.0.1:{port}/releases')",
    "a nested query": "from query('from read_text(''/etc/passwd'')')",
}
NOT_ANSWERED = {
    "copy": "copy figures to '{home}/stolen.csv'",
    "copy of a query": "copy (select 1) to '/dev/stdout'",
    "export": "export database '{home}/stolen'",
    "attach": "attach '{home}/ledger.sqlite'",
    "attach in memory": "attach ':memory:' as other",
    "install": "install httpfs",
    "load": "load httpfs",
    "set": "set enable_external_access = true",
    "reset": "reset lock_configuration",
    "pragma": "pragma enable_profiling",
    "pragma of memory": "pragma memory_limit='100GB'",
    "call": "call pragma_version()",
    "create": "create table stolen as select 1",
    "create in memory": "create temp table stolen as select 1",
    "macro": "create temp macro f() as 1",
    "insert": "insert into figures values (1, 1)",
    "delete": "delete from figures",
    "drop": "drop table figures",
    "use": "use memory",
    "transaction": "begin",
    "prepare": "prepare q as select 1",
    "execute": "execute q",
    "explain": "explain analyze select 1",
    "vacuum": "vacuum",
    "checkpoint": "checkpoint",
    "variable": "set variable x = 1",
    "two statements": "select 1; select 2",
    "a statement after a comment": "select 1 /* ; */ ; drop table figures --",
    "a statement after a line": "select 1;\n\nattach '{home}/ledger.sqlite'",
    "nothing but a comment": "-- nothing",
    "only a semicolon": ";",
    "no SQL": "what is the mean?",
    "a full-width semicolon": "select 1； select 2",
    "an invisible letter": "sel\u200bect 1",
    "right to left": "\u202eselect 1",
    "a null": "select 1 \0; drop table figures",
    "a letter of another alphabet": "сopy figures to '{home}/stolen.csv'",
}


OVER_HTTP = ("copy", "set", "two statements", "a null")


@pytest.mark.parametrize("sql", OUTSIDE.values(), ids=OUTSIDE)
def test_nothing_outside_of_the_release_can_be_read(door, sql):
    with pytest.raises(Refused, match="disabled by configuration"):
        _answer(door, sql)


@pytest.mark.parametrize("sql", NOT_ANSWERED.values(), ids=NOT_ANSWERED)
def test_what_is_no_question_on_the_release_is_refused(door, sql):
    before = sorted(door.settings.home.rglob("*"))
    with pytest.raises(Refused):
        _answer(door, sql)
    assert sorted(door.settings.home.rglob("*")) == before


@pytest.mark.parametrize("sql", [OUTSIDE["a file"], *(NOT_ANSWERED[name] for name in OVER_HTTP)])
def test_its_sender_hears_why(door, sql):
    answer = door.ask(_here(door, sql))
    assert (answer.status_code, answer.json()["title"]) == (400, "The query cannot be answered")
    assert SECRET not in answer.text


def _answer(door: "Door", sql: str) -> bytes:
    limits = {"memory_mb": 100, "seconds": SECONDS, "max_rows": MAX_ROWS}
    warehouse = door.settings.home / "releases" / "2026.2" / "warehouse.duckdb"
    return answer({"sql": _here(door, sql), "format": "csv", "warehouse": str(warehouse), **limits})


def _here(door: "Door", sql: str) -> str:
    return sql.replace("{home}", str(door.settings.home)).replace("{port}", str(door.settings.site_port))


TOO_MUCH = {
    "a huge cross join": "select sum(a.range * b.range) from range(10000000) a, range(10000000) b",
    "endless recursion": "with recursive t as (select 1 as i union all select i + 1 from t) select max(i) from t",
    "a memory bomb": "select list(i) from range(500000000) t(i)",
    "a long text": "select length(repeat('x', 4000000000))",
    "a large text": "select repeat('x', 80000000)",
    "a great many rows": "from range(1000000000)",
}


@pytest.mark.parametrize("sql", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_needs_too_much_ends_within_its_limits(door, sql):
    began = time.monotonic()
    answer = door.ask(sql)
    assert answer.status_code == 422, answer.text[:500]
    assert answer.json()["detail"]
    assert time.monotonic() - began < SECONDS + 5


@pytest.mark.parametrize("format", ["csv", "json", "arrow"])
def test_every_format_has_the_limit_of_rows(door, format):
    assert door.ask(f"from range({MAX_ROWS})", format=format).status_code == 200
    refused = door.ask(f"from range({MAX_ROWS + 1})", format=format)
    assert refused.json()["detail"].startswith(f"The answer has more than {MAX_ROWS} rows.")


def test_no_csv_holds_a_formula_of_a_sender(door):
    sql = "select '=1+1' as text, -1 as number, '-' as nothing"
    assert door.ask(sql).text == "text,number,nothing\n'=1+1,-1,-\n"
    assert door.ask(sql, format="json").json() == [{"text": "=1+1", "number": -1, "nothing": "-"}]


def test_a_deep_query_ends_its_own_process_at_most(door):
    deep = door.client.post("/sql", content="select " + "(" * 10_000 + "1" + ")" * 10_000)
    assert deep.status_code in (400, 422)
    deep = door.client.post("/sql", content="[" * 90_000, headers=AS_JSON)
    assert deep.status_code == 400


def test_what_cannot_be_read_is_refused(door):
    assert door.client.post("/sql", content=b"\xff\xfe select 1").status_code == 400
    assert door.client.post("/sql", json=["select 1"]).status_code == 400
    assert door.client.post("/sql", json={"query": 1}).status_code == 400
    assert door.client.post("/sql").json()["title"] == "There is no query"
    assert door.client.post("/sql", content=b'{"query": "select \'\\ud800\'"}', headers=AS_JSON).status_code == 400
    assert door.client.post("/sql", content=b"-" * (3 * LONGEST_QUERY_BYTES)).status_code == 413
    assert door.ask("select 1", format="xml").status_code == 406
    assert door.client.post("/sql", json={"query": "select 1", "format": ["csv"]}).status_code == 406
    assert door.client.put("/sql", content="select 1").status_code == 405


def test_only_so_many_run_at_once_and_the_others_hear_it(door):
    answers: list[int] = []
    slow = "select sum(a.range * b.range) from range(10000000) a, range(10000000) b"
    askers = [threading.Thread(target=lambda: answers.append(door.ask(slow).status_code)) for _ in range(4 * AT_ONCE)]
    for asker in askers:
        asker.start()
    time.sleep(0.5)
    assert door.client.get("/healthy").elapsed.total_seconds() < 2
    for asker in askers:
        asker.join()
    assert set(answers) == {422, 503}


def test_after_all_that_it_is_well(door):
    assert door.server.poll() is None
    assert door.ask("select count(*) as n from figures", format="json").json() == [{"n": 100}]
    left = subprocess.run(["ps", "--ppid", str(door.server.pid), "-o", "pid="], capture_output=True, text=True)
    assert left.stdout.split() == []
