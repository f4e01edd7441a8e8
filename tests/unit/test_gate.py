import pytest

from expectations.disclosure import AUDIT, audit_results
from expectations.gate import SUITES_FOLDER, _result_of, released_observations, verdict_of
from expectations.suites import load_suites, thresholds
from ingestion.catalogue import rows
from ingestion.errors import PcmError
from ingestion.store.atomic import write_bytes, write_json
from ingestion.store.home import Home
from ingestion.store.packing import pack
from ingestion.warehouse.judged import blocking_sentences


def _result(severity="critical", success=False, countries=(), waived=()):
    failures = [{"country_code": code} | ({"waiver": {"reason": "r"}} if code in waived else {}) for code in countries]
    is_waived = bool(waived) and set(countries) <= set(waived)
    scope = "country" if countries else "release"
    return {"severity": severity, "success": success, "scope": scope, "failures": failures, "is_waived": is_waived}


def _suite(*results):
    return {"suite": "s", "results": list(results)}


@pytest.mark.parametrize(
    ("suites", "verdict"),
    [
        ([_suite(_result(success=True), _result("warning", True))], "publish"),
        ([_suite(_result(success=True), _result("warning"), _result("info"))], "publish"),
        ([_suite(_result(success=True)), _suite(_result())], "hold"),
        ([_suite(_result(success=True)), _suite()], "hold"),
        ([], "hold"),
        ([_suite(_result(countries=["FR"]))], "hold_countries"),
        ([_suite(_result(countries=["FR"]), _result())], "hold"),
        # Poland sent nothing new that could be left out.
        ([_suite(_result(countries=["FR", "PL"]))], "hold"),
        ([_suite(_result(countries=["FR", "PL"], waived=["PL"]))], "hold_countries"),
        ([_suite(_result(countries=["PL"], waived=["PL"]))], "publish"),
        ([_suite(_result("warning", countries=["FR"]))], "publish"),
        # A failure by country that names no country.
        ([_suite({**_result(), "scope": "country"})], "hold"),
        ([_suite(_result(countries=["FR"])), _suite()], "hold"),
    ],
)
def test_critical_failures_hold_the_country_that_can_be_held_or_else_the_release(suites, verdict):
    assert verdict_of(suites, {"FR", "DE"}) == verdict


def test_a_second_failing_judgement_holds_the_release():
    assert verdict_of([_suite(_result(countries=["FR"]))], set()) == "hold"


def test_an_audit_that_does_not_come_to_its_end_holds_the_release(tmp_path):
    audited = _result_of(AUDIT, "data steward", lambda: audit_results(tmp_path / "missing.duckdb"))
    assert verdict_of([audited], {"FR", "DE"}) == "hold"
    [sentence] = blocking_sentences({"suites": [audited]})
    assert sentence.startswith("disclosure_audit:ran: The suite must run to its end. Seen: IOException")


def test_the_audit_knows_packed_releases_too_and_needs_each_of_them(settings):
    releases = Home(settings.home).releases
    for number in (1, 2):
        path = releases / f"2026.{number}" / "parquet" / "fct_observations.parquet"
        write_bytes(path, f"observations {number}".encode())
        write_json(releases / f"2026.{number}" / "release.json", {"release_sequence": number})
    pack(releases / "2026.1")
    assert [path.read_text() for path in released_observations(Home(settings.home))] == [
        "observations 1",
        "observations 2",
    ]
    assert not (releases / "2026.1" / "parquet").exists()
    path.unlink()
    with pytest.raises(PcmError, match=r"parquet of release 2026\.2 is gone"):
        list(released_observations(Home(settings.home)))


def test_every_threshold_is_read_by_a_suite():
    written = " ".join(path.read_text() for path in SUITES_FOLDER.glob("*.yml"))
    assert [name for name in thresholds() if f"${name}" not in written and f"threshold: {name}" not in written] == []


def test_a_threshold_that_does_not_exist_is_named(tmp_path):
    (tmp_path / "broken.yml").write_text("suite: s\nowner: o\nabout: a\nquery: select $most_odd\nexpectations: []\n")
    with pytest.raises(PcmError, match=r"broken.yml: thresholds.csv has no most_odd"):
        load_suites(tmp_path)


def test_what_depends_on_the_catalogue_comes_from_it():
    [suite] = [suite for suite in load_suites(SUITES_FOLDER) if suite.name == "observations"]
    [country] = [each for each in suite.expectations if each["id"] == "OBS_COUNTRY"]
    assert country["kwargs"]["value_set"] == sorted(row["country_code"] for row in rows("roster"))


def test_expectation_ids_are_unique():
    ids = [each["id"] for suite in load_suites(SUITES_FOLDER) for each in suite.expectations]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("suite: s\nowner: o\nabout: a\nquery: q\n", "expectations"),
        ("suite: s\nowner: o\nabout: a\nquery: q\nexpectations:\n- {id: X, severity: critical}\n", "expectation X"),
        (
            "suite: s\nowner: o\nabout: a\nquery: q\nexpectations:\n"
            "- {id: X, severity: fatal, scope: release, sentence: s, type: t, kwargs: {}}\n",
            "severity of X must be one of critical, warning, info",
        ),
        (
            "suite: s\nowner: o\nabout: a\nquery: q\nexpectations:\n"
            "- {id: X, severity: info, scope: world, sentence: s, type: t, kwargs: {}}\n",
            "scope of X must be one of release, indicator, country",
        ),
    ],
)
def test_a_suite_written_wrongly_is_named(tmp_path, written, told):
    (tmp_path / "broken.yml").write_text(written)
    with pytest.raises(PcmError, match=told) as error:
        load_suites(tmp_path)
    assert "broken.yml" in str(error.value)


def test_the_reason_of_a_hold_is_a_sentence():
    failed = {"expectation": "E", "severity": "critical", "sentence": "It holds.", "success": False, "observed": "1"}
    assert blocking_sentences({"suites": [{"suite": "s", "results": [failed]}]}) == ["E: It holds. Seen: 1."]
