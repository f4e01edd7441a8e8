"""From the inbox to the published release and back: the whole chain without Airflow, on a small round."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import openpyxl
import pytest
from starlette.testclient import TestClient

from expectations import judge, judge_and_fall_back
from ingestion import ledger
from ingestion.cli.chain import run_chain
from ingestion.cli.releases import LISTING
from ingestion.disclosure.scan import scan, scan_pages
from ingestion.doors.site import make_site
from ingestion.errors import PcmError, UsageError
from ingestion.intake.hold import waive
from ingestion.intake.set_aside import count_again, set_aside
from ingestion.ledger.copying import copy_ledger
from ingestion.metadata.released import read_release
from ingestion.metadata.sdmx_data import write_sdmx_data
from ingestion.release.drafts import approve, drafts, publish_approved
from ingestion.release.explain import explain_figure, explain_submission
from ingestion.release.explain_text import figure_text, submission_text
from ingestion.release.pointing import new_in_release, rollback, withdraw
from ingestion.release.publish import publish
from ingestion.release.query import query
from ingestion.release.rebuild import rebuild
from ingestion.release.verify import verify
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.store.atomic import read_json, write_json
from ingestion.store.home import Home
from ingestion.store.published import current_release_id, fetch_all, point_at, release_ids
from ingestion.warehouse import build, build_due
from tests import analysts_queries, standards
from tests.rounds import COUNTRIES, prepare_round, send_to
from tests.shown_again import unseen

pytestmark = pytest.mark.integration


def _silently(_: str) -> None:
    pass


@pytest.fixture(scope="module")
def round_folder(tmp_path_factory) -> Path:
    return prepare_round(tmp_path_factory.mktemp("round"))


@pytest.fixture(scope="module")
def published(tmp_path_factory, round_folder) -> Settings:
    """An observatory with a store, after both waves: two releases."""
    store = tmp_path_factory.mktemp("store").as_uri()
    settings = Settings(home=tmp_path_factory.mktemp("home"), store=store, settle_seconds=0)
    for wave in ("wave1", "wave2"):
        send_to(Home(settings.home), round_folder, wave)
        run_chain(settings, say=_silently)
    return settings


@pytest.fixture
def copied(published, tmp_path) -> Settings:
    """The same observatory, free to be damaged."""
    shutil.copytree(published.home, tmp_path / "home", symlinks=True)
    return Settings(home=tmp_path / "home", settle_seconds=0)


def _contents(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _ask(settings: Settings, sql: str) -> list[tuple]:
    return query(settings, sql)[1]


def test_every_country_has_figures_in_the_current_release(published):
    assert release_ids(published) == ["2026.1", "2026.2"]
    found = _ask(published, "select distinct country_code from fct_observations order by all")
    assert [country for (country,) in found] == sorted(COUNTRIES)


def test_a_lost_home_comes_back_from_the_store(published, tmp_path):
    there = replace(published, home=tmp_path / "home")
    fetch_all(there)
    for folder in ("received", "landing"):
        assert _contents(there.home / folder) == _contents(published.home / folder) != {}
    for release_id in release_ids(published):
        assert verify(Home(there.home).releases / release_id) == []
    assert current_release_id(there) == "2026.2"
    assert (Home(there.home).releases / "2026.2" / "site" / "en" / "index.html").exists()


def test_every_file_has_an_answer_beside_the_inbox(published, round_folder):
    sent = {path.name for path in round_folder.glob("wave*/*/*")}
    answers = {path.name.removesuffix(".receipt.html") for path in published.home.glob("inbox/*/receipts/*")}
    assert answers == sent


def test_rows_read_are_rows_accepted_held_or_refused(published):
    for entry in ledger.submissions(published):
        assert entry["rows_read"] == entry["rows_accepted"] + entry["rows_held"] + entry["rows_refused"]


def test_a_wrong_country_is_refused_and_its_right_file_counts(published):
    verdicts = [entry["verdict"] for entry in ledger.submissions(published) if entry["country_code"] == "SI"]
    assert verdicts[0] == "refused"
    assert verdicts[1].startswith("accepted")


def test_a_correction_is_a_second_vintage(published):
    vintages = _ask(
        published,
        "select count(*) from obs_vintages where country_code = 'LU' and indicator_code = 'MTB_01' "
        "and vintage_number = 2 and is_current and first_release_id = '2026.2'",
    )
    assert vintages[0][0] > 0


def test_each_release_says_what_changed(published):
    first, second = (Home(published.home).releases / name for name in release_ids(published))
    assert "first release" in (first / "CHANGES.md").read_text()
    causes = _ask(published, f"select country_code, cause from read_csv('{second}/changes.csv') group by all")
    assert ("SI", "new_data") in causes and ("LU", "correction") in causes
    assert {cause for country, cause in causes if country == "MT"} <= {"other_figures"}


def test_a_figure_is_followed_to_its_cell_and_back(published):
    [(figure_id, stratum_id, denominator, submission_id)] = _ask(
        published,
        "select figure_id(country_code, indicator_code, period, site_code, stratum_id), stratum_id, denominator, "
        "submission_id from fct_observations where country_code = 'LU' and denominator > 100 "
        "and stratum_id <> 'TOTAL' order by all limit 1",
    )
    explained = explain_figure(published, figure_id)
    assert explained["figure"]["stratum_id"] == stratum_id
    [source] = explained["sources"]
    cell = source["original"]["cells"]["DENOMINATOR"]
    [path] = (published.home / "received" / submission_id).glob("original.xlsx")
    assert openpyxl.load_workbook(path)[source["original"]["sheet"]][cell].value == denominator
    given = {
        each["release_id"]: each["figure_ids"] for each in explain_submission(published, submission_id)["releases"]
    }
    assert figure_id in given["2026.2"]


def test_whoever_has_only_the_release_learns_no_file_name(copied):
    figure_id = "LU/MTB_01/2025/C50/TOTAL"
    for_public = explain_figure(copied, figure_id, is_public=True)
    name = explain_figure(copied, figure_id)["sources"][0]["original"]["name"]
    shutil.rmtree(copied.home / "received")
    assert explain_figure(copied, figure_id)["sources"][0]["original"] is None
    for text in (figure_text(for_public), figure_text(explain_figure(copied, figure_id))):
        assert name not in text and "row" in text


def test_a_figure_has_a_page_of_its_path(published):
    client = TestClient(make_site(published))
    [(hidden_id, submission_id, row)] = _ask(
        published,
        "select figure_id(country_code, indicator_code, period, site_code, stratum_id), submission_id, source_row "
        "from fct_observations where is_suppressed order by all limit 1",
    )
    address = f"/r/2026.2/lineage/{hidden_id}"
    page, said = client.get(address).text, client.get(f"{address}?format=json").json()
    assert f"<td>{submission_id}</td><td>{row}</td>" in page and "no person can be recognised" in page
    assert said == json.loads(json.dumps(explain_figure(published, hidden_id, is_public=True), default=str))
    name = explain_figure(published, hidden_id)["sources"][0]["original"]["name"]
    assert name not in page and name not in json.dumps(said)
    # An inequality leads on to the observations that it compares, a wrong id to a sentence.
    inequality = client.get("/r/2026.2/lineage/LU/MTB_01/2025/C50/SEX/d").text
    assert client.get(re.search(r'href="(/r/2026\.2/lineage/[^"]+SEX:F)"', inequality)[1]).status_code == 200
    assert client.get("/r/2026.2/lineage/<script>").headers["content-type"].startswith("text/plain")


def test_what_no_release_knows_is_one_sentence(published):
    with pytest.raises(UsageError, match="There is no submission"):
        explain_submission(published, "..")
    with pytest.raises(UsageError, match=r"Release 2026\.2 has no inequality LU/MTB_01/2025/C50/SEX/x"):
        explain_figure(published, "LU/MTB_01/2025/C50/SEX/x")


def test_observations_as_of_a_release_are_those_that_it_published(published):
    columns = "country_code, indicator_code, period, site_code, stratum_id, numerator, denominator, obs_value"
    for release_id in release_ids(published):
        then = query(published, f"select {columns} from fct_observations order by all", release_id=release_id)
        assert query(published, f"select {columns} from observations_as_of('{release_id}') order by all") == then
    with pytest.raises(UsageError, match=r"There is no release 2026\.9"):
        query(published, "from observations_as_of('2026.9')")


def test_synthetic_and_real_figures_are_told_apart(published):
    by_theme = _ask(
        published,
        "select theme_code = 'CTX' as is_context, bool_and(is_synthetic), bool_or(is_synthetic) "
        "from fct_observations join dim_indicator using (indicator_code) group by all order by all",
    )
    assert by_theme == [(False, True, True), (True, False, False)]


def test_a_second_run_does_nothing(published):
    before = sorted(str(path) for path in published.home.rglob("*"))
    run_chain(published, say=_silently)
    assert sorted(str(path) for path in published.home.rglob("*")) == before


def test_the_release_has_its_checksums(published):
    folder = Home(published.home).releases / "current"
    assert verify(folder) == []
    listed = {line.split("  ", 1)[1] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    present = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {name for name in present if not name.startswith("site/")} == listed | {"SHA256SUMS"}


def test_a_changed_file_of_a_release_is_noticed(copied):
    folder = Home(copied.home).releases / "2026.2"
    (folder / "csv" / "fct_estimates.csv").write_text("tampered")
    (folder / "parquet" / "fct_estimates.parquet").unlink()
    assert verify(folder) == [
        "csv/fct_estimates.csv has changed since it was published.",
        "parquet/fct_estimates.parquet is missing.",
    ]


def test_csv_parquet_and_warehouse_hold_the_same_rows(published):
    folder = Home(published.home).releases / "current"
    for path in (folder / "parquet").glob("*.parquet"):
        counts = [
            _ask(published, f"select count(*) from {source}")[0][0]
            for source in (path.stem, f"read_parquet('{path}')", f"read_csv('{folder}/csv/{path.stem}.csv')")
        ]
        assert len(set(counts)) == 1, (path.stem, counts)


def test_every_file_of_a_release_can_be_downloaded(published):
    listed = (Home(published.home).releases / "current" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    client = TestClient(make_site(published))
    names = {line[66:] for line in listed} - {"manifest.json"}
    assert [name for name in sorted(names) if client.get(f"/releases/2026.2/{name}").status_code != 200] == []


def test_the_release_shows_nothing_of_the_landing(published):
    schemas = {schema for (schema,) in _ask(published, "select distinct schema_name from duckdb_tables()")}
    assert schemas == {"catalogue", "marts", "quality"}


def _current(settings: Settings) -> tuple[Path, Path]:
    """The current release and the warehouse of its build."""
    folder = settings.home / "releases" / str(current_release_id(settings))
    return folder, Home(settings.home).builds / read_json(folder / "release.json")["build_id"] / "warehouse.duckdb"


def test_nothing_hidden_stands_in_any_file_of_the_release(published):
    folder, warehouse = _current(published)
    assert list(folder.rglob("*.html"))
    assert scan(folder, warehouse) == []


def test_whatever_hidden_is_put_into_a_release_is_found(copied):
    folder, warehouse = _current(copied)
    with duckdb.connect(str(warehouse), read_only=True) as build:
        *key, numerator, denominator, remark = build.execute(
            "select country_code, observations.indicator_code, period, site_code, stratum_id, "
            "landed.numerator, landed.denominator, landed.obs_comment from marts.fct_observations as observations "
            "inner join landing.observations as landed using (submission_id, source_row) "
            "where is_suppressed and landed.denominator >= 1000 "
            "order by length(landed.obs_comment) desc nulls last, landed.source_row limit 1"
        ).fetchone()
    with duckdb.connect(str(folder / "warehouse.duckdb")) as release:
        release.execute(
            "update marts.fct_estimates set numerator = 3 where country_code = ? and indicator_code = ? "
            "and period = ? and site_code = ? and stratum_id = ?",
            key,
        )
        release.execute(f"copy marts.fct_estimates to '{folder / 'csv' / 'fct_estimates.csv'}' (format csv, header)")
    write_sdmx_data(read_release(folder), folder / "sdmx")
    page = next((folder / "site").rglob("*.html"))
    page.write_text(f"{page.read_text()}<p>{numerator:,.0f} of {denominator:,.0f} {remark}</p>")
    assert [found for found in scan_pages(folder / "site", warehouse) if "the counts of 1" in found]
    found = " ".join(scan(folder, warehouse))
    for place in (
        "warehouse.duckdb: marts.fct_estimates: 1",
        "csv/fct_estimates.csv: 1",
        "sdmx/estimates.csv: 1",
        f"{page.name}: the counts of 1",
    ):
        assert place in found


def test_counts_that_no_release_may_show_are_for_one_user_only(published):
    home = Home(published.home)
    for folder in (home.received, home.landing, home.builds, home.disclosure):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_the_gate_audited_the_build(published):
    folder, _ = _current(published)
    [audit] = [each for each in read_json(folder / "gate.json")["suites"] if each["suite"] == "disclosure_audit"]
    assert [result["success"] for result in audit["results"]] == [True]


def test_the_gate_counts_headline_figures_as_the_pages_do(published):
    folder, _ = _current(published)
    results = [result for suite in read_json(folder / "gate.json")["suites"] for result in suite["results"]]
    [observed] = [result["observed"] for result in results if result["expectation"] == "COM_HALF"]
    [(share,)] = _ask(
        published,
        "select sum(reported_count) / sum(expected_count) from fct_completeness where dimension_code = 'TOTAL'",
    )
    assert float(observed) == pytest.approx(share, abs=1e-3)


def test_the_release_is_written_for_older_clients(published):
    warehouse = Home(published.home).releases / "current" / "warehouse.duckdb"
    # Bytes 12-19 of a DuckDB file are its storage version; 64 to 67 are those that 1.x clients read.
    # https://duckdb.org/docs/stable/internals/storage
    assert int.from_bytes(warehouse.read_bytes()[12:20], "little") <= 67


def test_a_wrong_query_is_one_clear_error(published):
    with pytest.raises(UsageError, match="fct_estimate"):
        query(published, "select * from fct_estimate")


def _break_a_landed_file(settings: Settings) -> None:
    """Flip one byte of a landed file and make a build due."""
    victim = next((settings.home / "landing").rglob("*.parquet"))
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    shutil.rmtree(settings.home / "releases" / "2026.2")
    point_at(settings, "2026.1")


def test_a_build_that_fails_publishes_nothing_and_says_why(copied):
    shutil.rmtree(copied.home / "builds")
    _break_a_landed_file(copied)
    with pytest.raises(PcmError, match="are damaged or gone"):
        run_chain(copied, say=_silently)
    assert current_release_id(copied) == "2026.1"
    assert read_json(copied.home / "builds" / "failure.json")["message"].startswith("The landed rows of")
    assert [path.name for path in (copied.home / "builds").iterdir()] == ["failure.json"]


def _due_build(settings: Settings) -> str:
    """Return a build that has not been judged or published."""
    shutil.rmtree(settings.home / "releases" / "2026.2")
    point_at(settings, "2026.1")
    for gate in settings.home.glob("builds/*/gate.json"):
        gate.unlink()
    build_id = build(settings)
    assert build_id
    return build_id


def _one_expectation(query: str, severity: str, kind: str, kwargs: str, scope: str = "release") -> str:
    return (
        f"suite: s\nowner: o\nabout: a\nquery: {query}\nexpectations:\n"
        f"- {{id: X, severity: {severity}, scope: {scope}, sentence: Nothing is bad., "
        f"type: {kind}, kwargs: {kwargs}}}\n"
    )


@pytest.mark.parametrize(
    "suite",
    [
        _one_expectation(
            "select * from marts.no_such_table", "info", "expect_table_row_count_to_be_between", "{min_value: 0}"
        ),
        _one_expectation("from marts.fct_estimates", "info", "expect_column_values_to_not_be_null", "{column: no}"),
        _one_expectation("from marts.fct_estimates", "critical", "expect_table_row_count_to_equal", "{value: 0}"),
        "suite: s\nowner: o\nabout: a\nquery: from marts.fct_estimates\nexpectations: []\n",
    ],
    ids=["query raises", "expectation raises", "critical failure", "empty suite"],
)
def test_a_held_build_is_not_published_and_the_release_stays(copied, tmp_path, suite):
    build_id = _due_build(copied)
    (tmp_path / "suites").mkdir()
    (tmp_path / "suites" / "s.yml").write_text(suite)
    assert judge(copied, build_id, suites_folder=tmp_path / "suites") == "hold"
    with pytest.raises(PcmError, match="The gate holds"):
        publish(copied, build_id)
    assert current_release_id(copied) == "2026.1"
    assert not build_due(copied), "a held build is not tried again until the figures change"


def test_one_countrys_bad_file_holds_that_country_only(copied, tmp_path):
    build_id = _due_build(copied)
    bad = [entry["submission_id"] for entry in ledger.submissions(copied) if entry["country_code"] == "LU"][-1]
    query_of_bad = f"select country_code, submission_id = '{bad}' as is_bad from marts.fct_observations"
    in_set = ("expect_column_values_to_be_in_set", "{column: is_bad, value_set: [false]}")
    (tmp_path / "s.yml").write_text(_one_expectation(query_of_bad, "critical", *in_set, scope="country"))
    rebuilt, verdict = judge_and_fall_back(copied, build_id, suites_folder=tmp_path)
    assert (rebuilt != build_id, verdict) == (True, "publish")
    publish(copied, rebuilt)
    folder, _ = _current(copied)
    assert [hold["submission_id"] for hold in read_json(folder / "release.json")["holds"]] == [bad]
    assert _ask(copied, "select submission_id, country_code, expectation from holds") == [(bad, "LU", "X")]
    assert _ask(copied, "select submission_id from dim_submission where is_held and not is_in_force") == [(bad,)]
    assert _ask(copied, "select distinct country_code from fct_completeness where is_held") == [("LU",)]
    # The figures of Luxembourg are those of the release before, the others are new.
    figures = "select * exclude (source_row) from fct_observations where country_code = 'LU' order by all"
    assert _ask(copied, figures) == query(copied, figures, release_id="2026.1")[1]
    assert _ask(copied, "select count(*) > 0 from fct_observations where country_code = 'SI'") == [(True,)]
    assert len(_receipts_with(copied, "Nothing is bad.")) == 1
    assert not build_due(copied)
    today = datetime.now(UTC).date()
    assert waive(copied, build_id, "X", country_code="LU", by="Ada", reason="They are right", until=today) == ["LU"]
    assert build_due(copied)
    assert _receipts_with(copied, "Nothing is bad.") == [], "the sender hears that the hold has ended"


@pytest.mark.thorough
def test_a_file_that_is_set_aside_does_not_come_back_with_the_next_release(copied):
    """A wrong correction of Luxembourg is withdrawn and set aside; then Malta sends something."""
    wrong = [entry["submission_id"] for entry in ledger.submissions(copied) if entry["country_code"] == "LU"][-1]
    withdraw(copied, "2026.2", by="Ada", reason="Wrong population")
    assert wrong in new_in_release(copied, "2026.2")
    set_aside(copied, wrong, by="Ada", reason="Wrong population")
    assert wrong not in new_in_release(copied, "2026.2")
    assert len(_receipts_with(copied, "Wrong population")) == 1
    [malta] = (copied.home / "received").glob("MT-*/original*")
    (copied.home / "inbox" / "MT" / "again.csv").write_bytes(malta.read_bytes() + b"\n")
    run_chain(copied, say=_silently)
    assert current_release_id(copied) == "2026.3"
    figures = "select * exclude (source_row) from fct_observations where country_code = 'LU' order by all"
    assert _ask(copied, figures) == query(copied, figures, release_id="2026.1")[1]
    assert _ask(copied, f"select is_in_force from dim_submission where submission_id = '{wrong}'") == [(False,)]
    assert "set aside by Ada" in submission_text(explain_submission(copied, wrong))
    for release_id in ("2026.2", "2026.3"):
        folder = Home(copied.home).releases / release_id
        assert (verify(folder), rebuild(copied, folder)) == ([], [])
    count_again(copied, wrong, by="Ada", reason="It was right")
    assert build_due(copied)
    assert _receipts_with(copied, "Wrong population") == [], "the sender hears that it counts again"


def _receipts_with(settings: Settings, words: str) -> list[Path]:
    return [path for path in settings.home.glob("inbox/LU/receipts/*") if words in path.read_text()]


def test_a_draft_is_published_when_its_hour_has_come_and_not_before(copied):
    copied = replace(copied, publishing="approval")
    shutil.rmtree(copied.home / "releases" / "2026.2")
    point_at(copied, "2026.1")
    [draft] = drafts(copied)
    assert (draft["state"], build_due(copied)) == ("waiting", False)
    approve(copied, draft["build_id"], by="Ada", reason="Looked at it", embargo="2026-12-01T09:00+01:00")
    hour = datetime(2026, 12, 1, 8, tzinfo=UTC)
    for too_early in (hour - timedelta(seconds=1), hour - timedelta(days=1)):
        assert publish_approved(copied, now=too_early) is None
    assert current_release_id(copied) == "2026.1"
    assert publish_approved(copied, now=hour) == current_release_id(copied) == "2026.2"
    with pytest.raises(UsageError, match="was approved by Ada"):
        approve(copied, draft["build_id"], by="Grace", reason="Me too")


EMBARGO_IN_AIRFLOW = f"""
import sys, time
from datetime import UTC, datetime, timedelta
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk.exceptions import AirflowSkipException
from ingestion.release import publish  # imported now, so that the first turn comes before the hour
from ingestion.release.drafts import approve
from ingestion.settings import load_settings
from ingestion.store.published import current_release_id

build = DagBag(dag_folder={str(PROJECT_ROOT / "dags")!r}).dags["build_release"].get_task("build").python_callable
settings = load_settings()
hour = datetime.now(UTC) + timedelta(seconds=5)
approve(settings, sys.argv[1], by="Ada", reason="Looked at it", embargo=hour.isoformat())
for turn in range(2):
    try:
        print("made", build())
    except AirflowSkipException:
        print("current", current_release_id(settings))
    time.sleep(max(0, (hour - datetime.now(UTC)).total_seconds()))
"""


def test_airflow_publishes_what_was_approved_once_its_hour_has_come(copied):
    copied = replace(copied, publishing="approval")
    shutil.rmtree(copied.home / "releases" / "2026.2")
    point_at(copied, "2026.1")
    [draft] = drafts(copied)
    places = {"PCM_HOME": str(copied.home), "AIRFLOW_HOME": str(copied.home / "airflow"), "PCM_PUBLISHING": "approval"}
    answer = subprocess.run(
        [sys.executable, "-c", EMBARGO_IN_AIRFLOW, draft["build_id"]],
        capture_output=True,
        text=True,
        env={**os.environ, **places, "PYTHONPATH": f"{PROJECT_ROOT}:{PROJECT_ROOT / 'dags'}"},
    )
    assert answer.returncode == 0, answer.stderr
    said = [line for line in answer.stdout.splitlines() if line.startswith(("made", "current"))]
    assert said == ["current 2026.1", "current 2026.2"]


def test_a_withdrawn_release_stays_readable_and_a_rollback_is_only_a_pointer(copied):
    started = time.monotonic()
    rollback(copied, "2026.1", by="Ada", reason="2026.2 looks odd")
    assert time.monotonic() - started < 1
    assert (current_release_id(copied), release_ids(copied)) == ("2026.1", ["2026.1", "2026.2"])
    assert not build_due(copied), "what was rolled back is not published again by itself"
    rollback(copied, "2026.2", by="Ada", reason="It was right")
    assert withdraw(copied, "2026.2", by="Ada", reason="Wrong <population>") == "2026.1"
    with pytest.raises(UsageError, match=r"was withdrawn on .*: Wrong <population>"):
        rollback(copied, "2026.2", by="Grace", reason="I like it")
    assert query(copied, "select 1", release_id="2026.2")[1] == [(1,)]
    assert verify(Home(copied.home).releases / "2026.2") == []
    for address in ("/r/2026.2/en/", "/r/2026.2/en/index.html", "/r/2026.2/en/about.html"):
        page = TestClient(make_site(copied)).get(address).text
        assert "was withdrawn on" in page and "Wrong &lt;population&gt;" in page
    assert not build_due(copied)


def test_nothing_is_published_without_the_gates_word_on_this_very_build(copied):
    build_id = _due_build(copied)
    with pytest.raises(PcmError, match="has not been judged"):
        publish(copied, build_id)
    judge(copied, build_id)
    gate_path = copied.home / "builds" / build_id / "gate.json"
    gate_path.write_text(gate_path.read_text().replace(read_json(gate_path)["warehouse_sha256"], "0" * 64))
    with pytest.raises(PcmError, match="belongs to another build"):
        publish(copied, build_id)


def test_whoever_loses_the_lock_publishes_nothing_and_the_next_one_does(copied, postgresql):
    """The worker's session is ended while it assembles the release, as when its machine was cut off."""
    shared = replace(copied, ledger=postgresql.new_database())
    copy_ledger(copied, shared)
    releases = Home(copied.home).releases
    known = read_json(releases / "2026.2" / "release.json")
    shutil.rmtree(releases / "2026.2")
    write_json(releases / "current.json", {"release_id": "2026.1", "latest_sequence": 1})
    cut = threading.Thread(target=postgresql.end_sessions_with_locks)
    cut.start()
    with pytest.raises(PcmError, match="Nothing was published"):
        publish(shared, known["build_id"])
    cut.join()
    assert release_ids(shared) == ["2026.1"]
    assert not (releases / "2026.2").exists()
    assert publish(shared, known["build_id"]) == "2026.2"
    assert read_json(releases / "2026.2" / "release.json")["content_hash"] == known["content_hash"]


@pytest.mark.thorough
def test_a_release_comes_out_the_same_from_the_received_files(published):
    """In another folder, by the desk and by dbt: the same rows and the same bytes in every table."""
    assert rebuild(published, Home(published.home).releases / "2026.2") == []


def test_a_received_file_that_is_damaged_is_named(copied):
    [victim] = (copied.home / "received").glob("MT-*/original*")
    victim.write_bytes(victim.read_bytes()[:-1])
    assert rebuild(copied, Home(copied.home).releases / "2026.2") == [
        f"The received file of {victim.parent.name} is damaged or gone. Restore received/ from the backup."
    ]


def test_a_damaged_build_is_not_judged(copied):
    build_id = _due_build(copied)
    with (copied.home / "builds" / build_id / "warehouse.duckdb").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(PcmError, match="is damaged"):
        judge(copied, build_id)


@pytest.mark.mutation
def test_the_audit_sees_each_figure_that_protects_another_one(request):
    warehouse = request.config.getoption("--warehouse")
    if warehouse is None:
        *_, warehouse = sorted(request.getfixturevalue("published").home.glob("builds/*/warehouse.duckdb"))
    shown, missed = unseen(warehouse, most=request.config.getoption("--shown-again"))
    assert shown
    assert missed == []


@pytest.fixture(scope="module")
def cut(published, tmp_path_factory) -> Path:
    return standards.cut_release(Home(published.home).releases / "2026.2", tmp_path_factory.mktemp("cut") / "2026.2")


@pytest.mark.parametrize("check", standards.CHECKS, ids=lambda check: check.__name__.removeprefix("check_"))
def test_a_release_keeps_the_standard(cut, check):
    check(cut)


def test_the_list_of_tables_has_the_views_of_the_themes(published):
    found = {(schema, table): count for schema, table, count in _ask(published, LISTING)}
    assert found["marts", "fct_estimates"] > 0
    assert ("themes", "mtb") in found


def test_the_page_for_analysts_answers_ten_questions():
    assert [title.split(".")[0] for title in analysts_queries.QUERIES] == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize("sql", analysts_queries.QUERIES.values(), ids=analysts_queries.QUERIES)
def test_every_query_of_the_page_for_analysts_has_an_answer(published, sql, tmp_path, monkeypatch):
    (tmp_path / "eurostat.csv").write_text(analysts_queries.EUROSTAT)
    monkeypatch.chdir(tmp_path)
    assert _ask(published, sql)
