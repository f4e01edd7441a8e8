"""The demonstration round as a whole: who sends what, equal bytes, and the real figures in it."""

import hashlib
import os
import subprocess
import sys
from collections import defaultdict

from ingestion.catalogue import rows
from ingestion.demo import national_files, prepare
from ingestion.demo.assumptions import read_rows
from tests.demo_round import INDICATORS, ROSTER, TOTALS, blocks_of, given, has_numbers, read_back, stratum_of

given_files, given_tables, given_final, given_blocks = map(given, ("files", "tables", "final", "blocks"))


def test_one_file_per_country_and_three_corrections(files):
    assert sorted(code for wave, code in files if wave == "wave1") == ROSTER
    assert sorted(code for wave, code in files if wave == "wave2") == ["LU", "LV", "SI"]


def test_same_seed_same_bytes_on_any_run(tmp_path):
    """Another process with another hash seed writes the same bytes as this one, twice over."""
    program = (
        "import sys; from pathlib import Path; from ingestion.demo import prepare; "
        "prepare(Path(sys.argv[1]), countries=['DK', 'IE'])"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", program, tmp_path / "other"], check=True, env=environment)
    prepare(tmp_path / "here", countries=["DK", "IE"])
    first = tree(tmp_path / "here")
    prepare(tmp_path / "here", countries=["DK", "IE"])
    assert first == tree(tmp_path / "here") == tree(tmp_path / "other")


def test_another_seed_gives_other_figures_and_the_same_real_ones():
    one, other = (read_back(next(national_files(seed=seed, countries=["MT"]))) for seed in (1, 2))
    assert [row for row in one if row["INDICATOR"][:3] == "CTX"] == [r for r in other if r["INDICATOR"][:3] == "CTX"]
    assert blocks_of(one) != blocks_of(other)


def test_a_smaller_round_replaces_a_larger_one(tmp_path):
    prepare(tmp_path, countries=["MT", "LU"])
    prepare(tmp_path, countries=["MT"])
    found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert found == ["README.txt", "wave1/MT/pcm_indicators_malta_2026.csv"]


def test_readme_says_what_is_invented_and_what_went_wrong(tmp_path):
    prepare(tmp_path, countries=["LU", "SI"])
    text = (tmp_path / "README.txt").read_text(encoding="utf-8")
    assert "INVENTED" in text
    assert "the wrong file was attached" in text


def test_every_indicator_of_every_theme_is_sent_and_no_country_misses_a_theme(final):
    filled = {code: {row["INDICATOR"] for row in table if has_numbers(row)} for code, table in final.items()}
    assert set().union(*filled.values()) == set(INDICATORS)
    for code, sent in filled.items():
        assert {INDICATORS[name]["theme_code"] for name in sent} == {row["theme_code"] for row in rows("themes")}, code


def test_some_countries_leave_out_some_indicators_and_say_so_or_not(final):
    silent = sum(len(set(INDICATORS) - {row["INDICATOR"] for row in table}) for table in final.values())
    told = {row["INDICATOR"] for table in final.values() for row in table if row["OBS_STATUS"] == "L"}
    assert silent > 10
    assert len(told) > 10


def test_pilot_figures_cover_the_four_periods_of_the_round(blocks):
    expected = defaultdict(set)
    for row in rows("round_periods"):
        expected[row["periodicity_code"]].add(row["period"])
    sent = defaultdict(set)
    for indicator, site, period in blocks["DE"]:
        sent[indicator, site].add(period)
    for (indicator, _), found in sent.items():
        assert found == expected[INDICATORS[indicator]["periodicity_code"]]


def test_every_dimension_is_broken_down_by_and_some_are_crossed(blocks):
    sent = {
        tuple(name for name, _ in stratum) for code in blocks for block in blocks[code].values() for stratum in block
    }
    assert {(name,) for name in TOTALS} <= sent
    assert ("SEX", "AGE") in sent


def test_sites_and_breakdowns_are_those_of_the_catalogue(final):
    sites, dimensions = defaultdict(set), defaultdict(set)
    for row in rows("indicator_sites"):
        sites[row["indicator_code"]].add(row["site_code"])
    for row in rows("indicator_disaggregations"):
        dimensions[row["indicator_code"]].add(row["dimension_code"])
    for table in final.values():
        for row in table:
            assert row["SITE"] in (sites[row["INDICATOR"]] or {None})
            assert {name for name, _ in stratum_of(row)} <= dimensions[row["INDICATOR"]]


def test_real_figures_arrive_unchanged_with_flag_and_source(final):
    statuses = {row["code"]: row["obs_status"] for row in rows("eurostat_flags")}
    sources = {row["source_id"]: row for row in read_rows("context_sources.csv")}
    wanted, found = {}, {}
    for figure in read_rows("context_figures.csv"):
        quantile = None if figure["quantile"] == "TOTAL" else figure["quantile"]
        source = sources[figure["source_id"]]
        wanted[figure["country_code"], figure["indicator_code"], figure["period"], quantile] = (
            float(figure["value"]),
            statuses.get(figure["flag"]) or None,
            f"{source['source_title']}, {source['source_url']}",
        )
    for code, table in final.items():
        for row in table:
            if row["INDICATOR"].startswith("CTX"):
                key = (code, row["INDICATOR"], row["TIME_PERIOD"], row["QUANTILE"])
                found[key] = (row["OBS_VALUE"], row["OBS_STATUS"], row["REFERENCE"])
    assert found == wanted


def test_every_invented_row_and_no_real_one_says_synthetic(tables):
    for table in tables.values():
        for row in table:
            assert row["REFERENCE"].startswith("SYNTHETIC") != row["INDICATOR"].startswith("CTX")


def tree(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
