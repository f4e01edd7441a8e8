import pytest

from expectations.gate import SUITES_FOLDER, blocking_sentences, verdict_of
from expectations.suites import load_suites
from ingestion.catalogue import rows
from ingestion.errors import PcmError


def _suite(*results):
    return {"suite": "s", "results": [{"severity": severity, "success": success} for severity, success in results]}


@pytest.mark.parametrize(
    ("suites", "verdict"),
    [
        ([_suite(("critical", True), ("warning", True))], "publish"),
        ([_suite(("critical", True), ("warning", False), ("info", False))], "publish"),
        ([_suite(("critical", True)), _suite(("critical", False))], "hold"),
        ([_suite(("critical", True)), _suite()], "hold"),
        ([], "hold"),
    ],
)
def test_only_a_build_that_met_everything_critical_is_published(suites, verdict):
    assert verdict_of(suites) == verdict


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
            "- {id: X, severity: fatal, sentence: s, type: t, kwargs: {}}\n",
            "severity of X must be one of critical, warning, info",
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
