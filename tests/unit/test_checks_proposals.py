"""What is proposed for what people write: right, certain only where no reader would doubt it, and nothing else."""

import subprocess
import sys

import pytest

from ingestion.catalogue import rows
from ingestion.checks.examination import examine_here
from ingestion.checks.in_words import ages_in_words
from ingestion.checks.proposals import (
    FREE_OR_REASON,
    NO_STATUS,
    NO_SUCH_STATUS,
    NOT_AS_STATUS,
    ONE_PERIOD,
    TAKEN_FOR_A_DATE,
    WHOLE_COUNTRY,
    Proposal,
    propose_code,
    propose_number,
    propose_period,
)
from ingestion.checks.registry import checks
from ingestion.checks.vocabulary import codes
from tests.files import as_lines, csv_text, figures, write


def examine(folder, rows_of_file, country="LU"):
    path = write(folder, "figures.csv", csv_text(as_lines(rows_of_file)))
    return examine_here(path, country_code=country, work_folder=folder)


@pytest.mark.parametrize(
    ("column", "written", "sender", "code", "is_certain"),
    [
        ("REF_AREA", "GER", "DE", "DE", True),
        ("REF_AREA", "BRD", "DE", "DE", True),
        ("REF_AREA", "Niemcy", "DE", "DE", True),
        ("REF_AREA", "Belgique", "BE", "BE", True),
        ("REF_AREA", "Germny", "DE", "DE", False),
        ("REF_AREA", "GRX", "DE", None, False),
        ("INDICATOR", "Besprechung im molekularen Tumorboard", "DE", "MTB_02", True),
        ("INDICATOR", "Omówienie na konsylium molekularnym", "PL", "MTB_02", True),
        ("INDICATOR", "MTB_02 Besprechung im Tumorboard", "DE", "MTB_02", False),
        ("INDICATOR", "MTB_02 MTB_03", "DE", None, False),
        ("SITE", "Brust", "DE", "C50", True),
        ("SITE", "próstata", "PT", "C61", True),
        ("SITE", "Lunge", "DE", "C33_C34", False),
        ("SITE", "rectum", "IE", None, False),
        ("SITE", "SCLC", "IE", None, False),
        ("SITE", "alle", "DE", None, False),
        ("SITE", "C00-C96", "DE", None, False),
        ("SITE", "C500", "DE", "C50", False),
        ("INDICATOR", "MBT_02", "DE", "MTB_02", False),
        ("AGE", "15-40", "DE", None, False),
        ("AGE", "75-", "DE", "Y_GE75", False),
        ("AGE", "75 –", "FI", "Y_GE75", False),
        ("AGE", "–14", "FI", "Y_LT15", False),
        ("AGE", "70-", "FI", None, False),
        ("AGE", "–14–", "FI", None, False),
        ("SITE", "płuca", "PL", None, False),  # stands in the name of a part alone
        ("SITE", "uteri", "IE", None, False),
        ("SEX", "HM", "PT", "T", True),
        ("SEX", "F + M", "PL", "T", True),
        ("SEX", "w/m", "DE", "T", True),
        ("SEX", "Ambos", "PT", "T", True),
        ("SEX", "F - kobiety", "PL", "F", False),
        ("SEX", "M (mężczyźni)", "PL", "M", False),
        ("SEX", "F - mężczyźni", "PL", None, False),
        ("SEX", "M and F", "IE", None, False),
        ("SEX", "XF", "PL", None, False),
        ("SEX", "12", "DE", None, False),
        ("QUANTILE", "Q1", "PL", "QU1", True),
        ("ISCED11", "3-4", "PL", "ED3_4", False),
        ("OBS_STATUS", "na", "PL", None, False),
        ("OBS_STATUS", "z", "PL", "M", True),
        ("OBS_STATUS", ":", "PL", "O", False),
        ("OBS_STATUS", "c", "PL", None, False),
        ("CONF_STATUS", "Yes", "IE", None, False),
        ("CONF_STATUS", "Y", "IE", None, False),
        ("CONF_STATUS", "J", "DE", None, False),
        ("QUANTILE", "Q1 (più ricco)", "IT", None, False),
        ("QUANTILE", "First quintile (highest income)", "IE", None, False),
        ("QUANTILE", "First quintile (lowest income)", "IE", "QU1", True),
        ("QUANTILE", "primo quintile", "IT", "QU1", False),
        ("ISCED11", "ED5-8 (highest)", "IE", None, False),
        ("ISCED11", "Upper secondary and post-secondary non-tertiary education (ED3_4)", "IE", "ED3_4", False),
        ("INDICATOR", "MTB-02", "NO", "MTB_02", True),
        ("INDICATOR", "mtb 02.", "NO", "MTB_02", True),
        ("INDICATOR", "#MTB_02", "NO", "MTB_02", False),
        ("INDICATOR", "//MTB_02", "NO", "MTB_02", False),
        ("INDICATOR", "MTB_02?", "NO", "MTB_02", False),
        ("INDICATOR", "MTB_02 ✓", "NO", "MTB_02", False),
        ("INDICATOR", "(MTB_02)", "NO", "MTB_02", False),
        ("SEX", "F?", "FR", "F", False),
        ("SEX", "F.", "FR", "F", True),
        ("NUTS2", "FR10?", "FR", "FR10", False),
        ("NUTS2", "FR-10", "FR", "FR10", True),
        ("NUTS2", "Oberbayern", "DE", "DE21", True),
        ("NUTS2", "Oberbayern", "AT", None, False),
        ("NUTS2", "Tuebingen", "DE", "DE14", False),
        ("NUTS2", "Bremen (Land)", "DE", "DE50", False),
        ("NUTS2", "woj. śląskie", "PL", "PL22", False),
        ("CONF_STATUS", "secret", "LU", None, False),  # only military secrecy has the word, which nobody may send
        ("NUTS2", "Koeln", "DE", "DEA2", False),
        ("NUTS2", "Koln", "DE", "DEA2", False),
        ("NUTS2", "Reg.-Bez. Köln", "DE", "DEA2", False),
        ("NUTS2", "Düsseldorf, Reg.-Bez.", "DE", "DEA1", False),
        ("NUTS2", "PL21 Małopolskie", "PL", "PL21", False),
        ("NUTS2", "PL21 Małopolskie", "CZ", None, False),
        ("NUTS2", "Centro", "PT", "PT19", False),
        ("NUTS2", "Alentejo", "PT", "PT1C", False),
        ("NUTS2", "Algarve", "PT", "PT15", True),
        ("NUTS2", "mazowieckie", "PL", None, False),
        ("NUTS2", "Sachsen", "DE", None, False),
        ("NUTS2", "11", "DE", None, False),
        ("NUTS2", "PL20", "PL", None, False),
        ("NUTS2", "NO0", "PL", None, False),
    ],
)
def test_a_code_is_proposed_where_one_alone_is_meant(column, written, sender, code, is_certain):
    proposal = propose_code(column, written, sender)
    assert (proposal.value, proposal.is_certain) == (code, is_certain)


@pytest.mark.parametrize(
    ("written", "sender", "is_certain"),
    [
        ("DE", "DE", True),
        ("fra", "FR", False),
        ("Polska", "PL", True),
        ("Total", "PT", True),
        ("N/A", "NO", False),
        ("Malta", "MT", False),
    ],
)
def test_the_whole_country_has_no_region(written, sender, is_certain):
    proposal = propose_code("NUTS2", written, sender)
    assert (proposal.value, proposal.is_certain, proposal.advice) == ("", is_certain, WHOLE_COUNTRY)


def test_an_empty_region_reaches_the_finding_as_its_proposal(tmp_path):
    [finding] = examine(tmp_path, [{**figures()[0], "NUTS2": "Total"}])["findings"]
    assert (finding["rule"], finding["proposal"], finding["is_certain"]) == ("P01", "", True)


@pytest.mark.parametrize(
    ("region", "country", "proposal"), [("LT00", "LT", ""), ("PL11", "PL", "PL71"), ("PL12", "PL", None)]
)
def test_an_old_code_of_a_region_has_its_new_one_and_the_only_region_of_a_country_has_none(
    tmp_path, region, country, proposal
):
    found = examine(tmp_path, [{**figures()[0], "REF_AREA": country, "NUTS2": region}], country)["findings"]
    [finding] = [each for each in found if each["rule"] == "P29"]
    assert (finding["proposal"], finding["is_certain"]) == (proposal, False)
    assert (finding["words"]["advice"] == WHOLE_COUNTRY) == (region == "LT00")
    assert finding["words"]["given"]["version"] == "2024"


@pytest.mark.parametrize(("name", "country", "is_certain"), [("Vestlandet", "NO", False), ("Bretagne", "FR", True)])
def test_only_the_name_of_a_region_that_was_cut_otherwise_is_in_doubt(name, country, is_certain):
    assert propose_code("NUTS2", name, country).is_certain == is_certain


def test_a_mark_for_no_figure_is_no_group_and_advice_says_what_may_be_meant():
    proposal = propose_code("SEX", "n/a", "PL")
    assert proposal.value is None and "UNK" in proposal.advice


@pytest.mark.parametrize(
    ("column", "written", "advice"),
    [
        ("CONF_STATUS", "Yes", FREE_OR_REASON),
        ("CONF_STATUS", "kyllä", FREE_OR_REASON),
        ("CONF_STATUS", "non", FREE_OR_REASON),
        ("CONF_STATUS", "Y", FREE_OR_REASON),
        ("CONF_STATUS", "1", FREE_OR_REASON),
        ("CONF_STATUS", "-", FREE_OR_REASON),
        ("CONF_STATUS", "perhaps", ""),
        ("OBS_STATUS", "c", NOT_AS_STATUS),
        ("OBS_STATUS", "r", NO_SUCH_STATUS),
        ("OBS_STATUS", ".", NO_STATUS),
        ("OBS_STATUS", "NA", NO_STATUS),
        ("OBS_STATUS", "Yes", ""),
    ],
)
def test_what_is_no_status_is_told_where_it_belongs(column, written, advice):
    assert propose_code(column, written, "FI") == Proposal(advice=advice)


@pytest.mark.parametrize(
    ("heading", "status", "rule"),
    [
        ("CONFIDENTIAL", "Yes", "P01"),
        ("Luottamuksellinen", "kyllä", "P01"),
        ("À publier", "non", "P01"),
        ("Geheimhaltung", "ja", "P01"),
        ("Flag", "c", "P01"),
        ("obs_flag", "f", "STATUS_NOT_YOURS"),
        ("Confidential", "N", "CONF_LETTERS"),
    ],
)
def test_a_column_of_confidentiality_or_of_flags_is_no_column_of_the_sender(tmp_path, heading, status, rule):
    row = {**figures()[0], heading: status}
    path = write(tmp_path, "figures.csv", csv_text(as_lines([row], columns=list(row))))
    findings = examine_here(path, country_code="LU", work_folder=tmp_path)["findings"]
    assert rule in {finding["rule"] for finding in findings}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("15 bis unter 40", "Y15-39"),
        ("15 do 39", "Y15-39"),
        ("15 a 39 años", "Y15-39"),
        ("15 to 39", "Y15-39"),
        ("15–39 Jahre", "Y15-39"),
        ("75 und älter", "Y_GE75"),
        ("75 ans et plus", "Y_GE75"),
        ("75 lat i więcej", "Y_GE75"),
        ("75 y más", "Y_GE75"),
        ("menos de 15", "Y_LT15"),
        ("unter 15 Jahren", "Y_LT15"),
        ("under 15", "Y_LT15"),
        ("0 tot 15 jaar", "Y_LT15"),
        ("15 tot 40 jaar", "Y15-39"),
        ("de 40 à moins de 65 ans", "Y40-64"),
        ("de 15 a menos de 40 años", "Y15-39"),
        ("da 15 a meno di 40 anni", "Y15-39"),
        ("[15,40)", "Y15-39"),
        ("[15;40[", "Y15-39"),
        ("(14,39]", "Y15-39"),
        ("[15, 39]", "Y15-39"),
        ("]14;39]", "Y15-39"),
        ("[0,15)", "Y_LT15"),
        ("[75,Inf)", "Y_GE75"),
        ("(74, ∞)", "Y_GE75"),
        ("0-14", "Y_LT15"),
    ],
)
def test_an_age_class_in_words_has_its_code(written, code):
    proposal = propose_code("AGE", written, "DE")
    assert (proposal.value, proposal.is_certain) == (code, True)


@pytest.mark.parametrize(
    "written",
    ["(0,15]", "[15,39)", "[75,110]", "15 bis 40", "über 75", "15 39", "40 bis", "unter 15 oder 75", "1" * 5000],
)
def test_an_age_that_is_no_class_of_ours_has_none(written):
    assert not [code for code in ages_in_words(written) if code in codes("AGE")]


@pytest.mark.parametrize(
    ("column", "written", "code"),
    [
        ("AGE", "2025-09-05", "Y5-9"),
        ("AGE", "2025-05-09 00:00:00", "Y5-9"),
        ("AGE", "14.10.2025", "Y10-14"),
        ("AGE", "2025-10-15", None),
        ("ISCED11", "2025-04-03", "ED3_4"),
        ("SEX", "2025-04-03", None),
    ],
)
def test_a_code_that_became_a_date_is_told_so(column, written, code):
    assert propose_code(column, written, "BE") == Proposal(code, TAKEN_FOR_A_DATE)


@pytest.mark.parametrize(
    ("written", "periodicity", "period", "is_certain"),
    [
        ("2024.0", "A", "2024", True),
        ("2024,0", "A", "2024", True),
        ("2024.5", "A", None, False),
        ("2024 r.", "A", "2024", False),
        ("rok 2024", "A", "2024", False),
        ("2.024", "A", "2024", True),
        ("2\u202f024", "A", "2024", True),
        ("2024. gads", "A", "2024", False),
        ("2024 (p)", "A", "2024", False),
        ("2024*", "A", "2024", False),
        ("FY2024", "A", None, False),
        ("before 2024", "A", None, False),
        ("ab 2019", "A", None, False),
        ("p 2024", "A", None, False),
        ("Jan 2025", "A", None, False),
        ("<2024", "A", None, False),
        ("2024/25", "A", None, False),
        ("2019-2021", "A", None, False),
        ("Nr 1234", "A", None, False),
        ("2052", "A", None, False),
        ("31/12/2025", "A", "2025", True),
        ("1.1.2025", "A", "2025", True),
        ("30.06.2025", "A", "2025", False),
        ("2025-12-31", "A", "2025", True),
        ("2025-06-30", "A", "2025", False),
        ("2025-13-31", "A", None, False),
        ("1905-07-16", "A", "2024", False),
        ("1. Halbjahr 2025", "S", "2025-S1", True),
        ("1er semestre 2025", "S", "2025-S1", True),
        ("II półrocze 2025", "S", "2025-S2", True),
        ("first half 2025", "S", "2025-S1", True),
        ("H1/2025", "S", "2025-S1", True),
        ("1S2025", "S", "2025-S1", True),
        ("2025/1", "S", "2025-S1", False),
        ("2025-12", "S", None, False),
        ("2025-Q1", "S", None, False),
        ("2025 S3", "S", None, False),
        ("1. und 2. Halbjahr 2025", "S", None, False),
        ("2052-S1", "S", None, False),
        ("2025", "S", None, False),
    ],
)
def test_a_period_is_proposed_where_one_alone_is_meant(written, periodicity, period, is_certain):
    proposal = propose_period(written, periodicity)
    assert (proposal.value, proposal.is_certain) == (period, is_certain)


@pytest.mark.parametrize("periodicity", ["A", "S"])
@pytest.mark.parametrize("written", ["before 2020", "<2020", "since 2019", "2019/20", "2019-2021", "2023, 2024"])
def test_a_span_and_a_bound_are_told_to_be_no_period(written, periodicity):
    assert propose_period(written, periodicity) == Proposal(advice=ONE_PERIOD)


@pytest.mark.parametrize("written", ["2052", "2052-S1", "25", "0", "12019", "next year"])
def test_of_a_period_that_is_one_and_of_no_year_nothing_is_said(written):
    assert propose_period(written, "A") == propose_period(written, "S") == Proposal()


@pytest.mark.parametrize(("written", "number"), [("tak", "1"), ("Nie", "0"), ("NEIN", "0"), ("sí", "1"), ("true", "1")])
def test_yes_and_no_are_one_and_nought_where_the_indicator_asks_for_them(written, number):
    assert propose_number("OBS_VALUE", written, ",", "els_02").value == number
    assert propose_number("OBS_VALUE", written, ",", "RSM_02").value is None
    assert propose_number("NUMERATOR", written, ",", "ELS_02").value is None


def test_yes_reaches_the_finding_as_a_certain_one(tmp_path):
    yes = {"INDICATOR": "ELS_02", "REF_AREA": "LU", "TIME_PERIOD": "2025", "OBS_VALUE": "oui", "REFERENCE": "Loi"}
    [finding] = examine(tmp_path, [yes])["findings"]
    assert (finding["rule"], finding["proposal"], finding["is_certain"]) == ("NOT_A_NUMBER", "1", True)


@pytest.mark.parametrize(
    ("column", "written", "is_hidden"),
    [
        *(("NUMERATOR", text, True) for text in ("<5", "< 5", "≤5", "1-4", "1 – 4")),
        *(("NUMERATOR", text, True) for text in ("c", "C", ":c", ": c", "(c)", "*", "**")),
        *(("NUMERATOR", text, False) for text in ("5-1", "2023-2024", "cc", "5*", ":", "-")),
        ("OBS_VALUE", "c", True),
        ("OBS_VALUE", "10-12", False),
    ],
)
def test_what_stands_for_a_small_count_is_told_to_be_marked_as_suppressed(column, written, is_hidden):
    proposal = propose_number(column, written, ",", "RSM_02")
    assert proposal.value is None and ("CONF_STATUS A" in proposal.advice) == is_hidden


def test_a_number_that_is_marked_as_confidential_does_not_lose_its_mark():
    proposal = propose_number("NUMERATOR", "12 c", ",", "RSM_02")
    assert proposal.value == "12" and "CONF_STATUS" in proposal.advice and not proposal.is_certain


@pytest.mark.parametrize("written", ["#DIV/0!", "#DZIEL/0!", "#N/D", "#BEZUG!", "#¡REF!", "#N/A"])
def test_an_error_of_a_spreadsheet_gets_the_advice_of_one(written):
    assert propose_number("NUMERATOR", written, ",", "RSM_02").advice == checks()["CELL_ERROR"].what_to_do


def test_a_column_too_narrow_for_its_number_is_no_formula():
    assert not propose_number("NUMERATOR", "####", ",", "RSM_02").advice


def test_no_wording_stands_twice():
    for table, column in (("yes_no_words", "word"), ("half_year_words", "word"), ("age_wordings", "wording")):
        words = [row[column].casefold() for row in rows(table)]
        assert len(set(words)) == len(words), table


@pytest.mark.parametrize(("sex", "are_read"), [("F", False), ("femme", False), ("no idea", True)])
def test_translations_are_read_only_for_a_code_that_nothing_else_knows(tmp_path, sex, are_read):
    """To read them takes longer than to check a small file."""
    path = write(tmp_path, "figures.csv", csv_text(as_lines([{**figures()[0], "SEX": sex}])))
    seen = f"""
from pathlib import Path
from ingestion.checks.examination import examine_here
from ingestion.languages.catalogues import catalogue_of
examine_here(Path({str(path)!r}), country_code="LU", work_folder=Path({str(tmp_path)!r}))
print(catalogue_of.cache_info().currsize > 0)
"""
    done = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(are_read)
