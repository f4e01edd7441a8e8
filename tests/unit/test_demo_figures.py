"""The invented figures of the demonstration round: they add up, and look like what they stand for."""

from collections import Counter, defaultdict

import pytest

from ingestion.catalogue import rows
from tests.demo_round import INDICATORS, TOTALS, blocks_of, given, has_numbers

given_tables, given_final, given_blocks = map(given, ("tables", "final", "blocks"))


def test_parts_add_up_to_their_totals(tables):
    """In all files, also those with faults of other kinds. A part that is hidden makes its breakdown incomplete."""
    checked = Counter()
    for key, table in tables.items():
        for block in blocks_of(table).values() if key != ("wave1", "RO") else ():
            for (total, dimension), parts in breakdowns(block).items():
                if any(row["OBS_STATUS"] == "Q" for row in parts):
                    continue
                for column in ("NUMERATOR", "DENOMINATOR"):
                    if block[total][column] is not None:
                        assert sum(row[column] or 0 for row in parts) == pytest.approx(block[total][column])
                        checked[dimension] += 1
    assert set(checked) == set(TOTALS)
    assert min(checked.values()) > 200


def breakdowns(block):
    """{(stratum of the total, dimension): rows of its parts}"""
    found = defaultdict(list)
    for stratum, row in block.items():
        for item in stratum:
            found[tuple(other for other in stratum if other != item), item[0]].append(row)
    return found


def test_numerators_never_pass_denominators_and_medians_lie_between_quartiles(tables):
    for table in tables.values():
        for row in table:
            if row["NUMERATOR"] is not None and row["DENOMINATOR"] is not None:
                assert 0 <= row["NUMERATOR"] <= row["DENOMINATOR"]
            if row["P25"] is not None:
                assert row["P25"] <= row["OBS_VALUE"] <= row["P75"]


def test_pooled_medians_lie_between_those_of_their_parts(blocks):
    for found in blocks.values():
        for block in found.values():
            for dimension in {stratum[0][0] for stratum in block if stratum}:
                values = [row["OBS_VALUE"] for stratum, row in block.items() if stratum and stratum[0][0] == dimension]
                if None not in values and block[()]["P25"] is not None:
                    assert min(values) <= block[()]["OBS_VALUE"] <= max(values)


def test_steps_of_the_care_pathway_follow_each_other(blocks):
    links = 0
    for link in rows("indicator_chains"):
        for found in blocks.values():
            for (indicator, site, period), block in found.items():
                if indicator != link["downstream_indicator_code"]:
                    continue
                before = found.get((link["upstream_indicator_code"], site, period), {})
                for stratum in block.keys() & before.keys():
                    starts, comes = before[stratum][link["upstream_column"]], block[stratum][link["downstream_column"]]
                    if starts is not None and comes is not None:
                        assert comes == starts if link["relation"] == "equal" else comes <= starts
                        links += 1
    assert links > 1000


def test_rows_without_numbers_say_why_and_rows_with_numbers_do_not(tables):
    for table in tables.values():
        for row in table:
            assert has_numbers(row) != (row["OBS_STATUS"] in ("M", "Q", "L"))


def test_some_senders_hide_small_counts_and_never_one_part_alone(blocks):
    hidden = 0
    for found in blocks.values():
        for block in found.values():
            for dimension in {stratum[0][0] for stratum in block if len(stratum) == 1}:
                parts = [row for stratum, row in block.items() if len(stratum) == 1 and stratum[0][0] == dimension]
                suppressed = [row for row in parts if row["OBS_STATUS"] == "Q"]
                shown = [row for row in parts if has_numbers(row)]
                assert len(suppressed) != 1 or not shown
                assert all(row["CONF_STATUS"] in ("A", "C") for row in suppressed)
                hidden += len(suppressed)
    assert hidden > 100


def test_statuses_of_all_kinds_are_set(final):
    found = Counter(row["OBS_STATUS"] for table in final.values() for row in table)
    assert {"B", "E", "L", "M", "N", "P", "Q", "U"} <= set(found)


def test_small_counts_occur_where_counts_are_small(final):
    small = Counter(
        code
        for code, table in final.items()
        for row in table
        if INDICATORS[row["INDICATOR"]]["is_person_count"] == "true" and 0 < (row["NUMERATOR"] or 0) < 11
    )
    assert small["MT"] > 300
    assert small["MT"] > small["PL"]


@pytest.mark.parametrize(("dimension", "worse", "better"), [("ISCED11", "ED0-2", "ED5-8"), ("QUANTILE", "QU1", "QU5")])
def test_access_rises_with_education_and_income(blocks, dimension, worse, better):
    gaps = []
    for found in blocks.values():
        for (indicator, _, _), block in found.items():
            pair = [block.get(((dimension, code),)) for code in (worse, better)]
            if INDICATORS[indicator]["direction"] == "higher_better" and all(pair):
                shares = [row["NUMERATOR"] / row["DENOMINATOR"] for row in pair if row["NUMERATOR"] is not None]
                gaps += [shares[1] - shares[0]] if len(shares) == 2 else []
    assert len(gaps) > 1000
    assert sum(gap > 0 for gap in gaps) / len(gaps) > 0.8
    assert 0.05 < sum(gaps) / len(gaps) < 0.25


def test_capitals_stand_higher_and_most_trends_rise(blocks):
    rises = regional = 0
    counted = 0
    for found in blocks.values():
        for (indicator, site, period), block in found.items():
            if (
                period == "2025"
                and INDICATORS[indicator]["measure_type_code"] == "PROP"
                and indicator[:3] in ("MTB", "LBX")
            ):
                first, last = found[indicator, site, "2022"][()], block[()]
                if (
                    first["DENOMINATOR"]
                    and last["DENOMINATOR"]
                    and INDICATORS[indicator]["direction"] == "higher_better"
                ):
                    counted += 1
                    rises += first["NUMERATOR"] / first["DENOMINATOR"] < last["NUMERATOR"] / last["DENOMINATOR"]
    for code, capital in (("FR", "FR10"), ("ES", "ES30"), ("CZ", "CZ01"), ("EL", "EL30")):
        for (indicator, site, period), block in blocks[code].items():
            part = block.get((("NUTS2", capital),))
            if indicator == "LBX_01" and part and period == "2025" and site == "C33_C34_NSCLC":
                total = block[()]
                regional += part["NUMERATOR"] / part["DENOMINATOR"] > total["NUMERATOR"] / total["DENOMINATOR"]
    assert rises / counted > 0.75
    assert regional >= 2
