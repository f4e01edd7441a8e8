"""What the invented figures rest on agrees with the catalogue: no code, indicator or country is missing or too many."""

import pytest

from ingestion.catalogue import rows
from ingestion.demo.assumptions import age_shares, background_shares, group_assumptions, levels, regions
from ingestion.demo.faults import corrections, faults, subjects
from ingestion.demo.measures import MAKERS
from ingestion.demo.senders import senders

DIMENSIONS = [row for row in rows("dimensions") if row["is_stratum"] == "true" and row["dimension_code"] != "NUTS2"]


def codes(table, column="code"):
    return {row[column] for row in rows(table)}


def test_every_pilot_indicator_has_a_level_at_each_of_its_sites():
    sites = {}
    for row in rows("indicator_sites"):
        sites.setdefault(row["indicator_code"], set()).add(row["site_code"])
    wanted = {
        (row["indicator_code"], site)
        for row in rows("indicators")
        if row["theme_code"] != "CTX"
        for site in sites.get(row["indicator_code"], {""})
    }
    assert {(level.indicator, level.site) for level in levels()} == wanted


def test_indicators_of_one_measure_type_are_made_in_one_way():
    types = {row["indicator_code"]: row["measure_type_code"] for row in rows("indicators")}
    kinds = {(types[level.indicator], level.figure_kind) for level in levels()}
    assert len(kinds) == len({measure_type for measure_type, _ in kinds})
    assert {kind for _, kind in kinds} == set(MAKERS)


def test_levels_come_after_those_that_they_start_from():
    seen = set()
    for level in levels():
        assert not level.base_indicator or (level.base_indicator, level.site) in seen
        seen.add((level.indicator, level.site))


@pytest.mark.parametrize("dimension", DIMENSIONS, ids=lambda row: row["dimension_code"])
def test_groups_are_codes_of_their_list(dimension):
    assumed = {group.code for group in group_assumptions()[dimension["dimension_code"]]}
    assert assumed <= codes(dimension["code_list"])


def test_age_profiles_cover_everybody_and_are_all_used():
    for profile, shares in age_shares().items():
        assert sum(shares.values()) == pytest.approx(1), profile
    assert set(age_shares()) == {level.age_profile for level in levels() if level.age_profile}


def test_regions_are_regions_and_every_country_has_one_capital():
    assert set(regions()) <= codes("codes_nuts2")
    capitals = [code[:2] for code, region in regions().items() if region.kind == "capital"]
    assert sorted(capitals) == sorted(codes("roster", "country_code"))


def test_every_country_of_the_roster_has_a_sender_and_a_background():
    roster = codes("roster", "country_code")
    assert set(senders()) == roster == set(background_shares())
    assert len({sender.full_name for sender in senders().values()}) == len(roster)


def test_faults_and_corrections_name_what_exists():
    indicators = codes("indicators", "indicator_code")
    for country_code, row in (faults() | corrections()).items():
        assert country_code in senders()
        assert subjects(row) <= indicators | set(senders())
