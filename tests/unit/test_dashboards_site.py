"""The site says what the marts say, hides what they hide, and needs nothing from outside."""

import csv
import dataclasses
import gzip
import hashlib
import itertools
import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pytest

from dashboards import render_release, render_site, sentences
from dashboards.maps.build_shapes import build_regions
from dashboards.pages import parts
from dashboards.reading import read_release
from dashboards.speech import speaking
from ingestion.errors import PcmError
from ingestion.languages import COMPLETE_LANGUAGES, language_for
from ingestion.release.explain import find_figure
from ingestion.release.figure import parse_figure_id
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.sql_text import search_public_schemas
from ingestion.store.home import Home
from tests.html_pages import Element, parse, rows_of
from tests.invented_release import CORRECTED, PLANTED, RELEASE, SMALL_COUNTRIES, SMALL_INDICATORS, write_release

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
LEADING_AWAY = {LICENCE, f"mailto:{RELEASE['contact']}"}  # for readers, not for their browsers
DATA_ROOT = f"data/{RELEASE['release_id']}/"


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    return write_release(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def site(release, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    render_site(release, folder)
    return folder


@pytest.fixture(scope="module")
def pages(site) -> dict[str, Element]:
    """Every page of our own, parsed: {path below the site: document}; the rules are drawn as for a contact."""
    drawn = [path for path in sorted(site.rglob("*.html")) if path.name != "rules.html"]
    return {str(path.relative_to(site)): parse(path.read_text(encoding="utf-8")) for path in drawn}


def _ask(release: Path, sql: str) -> list[dict]:
    with duckdb.connect(str(release / "warehouse.duckdb"), read_only=True) as connection:
        result = connection.execute(sql)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _latest_estimates(release: Path, where: str) -> list[dict]:
    return _ask(
        release,
        f"""
        select estimates.*, countries.country_name, indicators.measure_type_code
        from marts.fct_estimates as estimates
        join marts.dim_country as countries using (country_code)
        join marts.dim_indicator as indicators using (indicator_code)
        where {where}
        qualify period = max(period) over (partition by indicator_code)
        """,
    )


def _page_of(pages: dict[str, Element], row: dict) -> Element:
    """Return the page of a series: that of its site, or its indicator's own for the headline."""
    name = f"en/indicator/{row['indicator_code']}-{row['site_code']}.html"
    return pages.get(name) or pages[f"en/indicator/{row['indicator_code']}.html"]


def _numbers(text: str) -> list[float]:
    plain = text.replace(",", "").replace("\u2212", "-")
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", plain)]


def _is_written(value: float, text: str) -> bool:
    """Say whether a text holds a value, rounded to as many decimals as it is written with."""
    for number in re.findall(r"-?\d+(?:\.\d+)?", text.replace(",", "").replace("\u2212", "-")):
        decimals = len(number.partition(".")[2])
        if abs(float(number) - value) <= 0.5 * 10**-decimals + 1e-9:
            return True
    return False


# What the marts say


def test_every_shown_figure_and_its_interval_stand_on_the_page_of_its_indicator(release, pages):
    shown = _latest_estimates(
        release, "dimension_code = 'TOTAL' and publication_status in ('published', 'low_reliability')"
    )
    assert len(shown) > 50
    for row in shown:
        cells = rows_of(_page_of(pages, row), "ranking-caption")[row["country_name"]]
        if row["measure_type_code"] == "BIN":
            assert cells[0] == ("yes" if row["value"] else "no")
            continue
        figure, _, interval = cells[0].partition(" (")
        assert _is_written(row["value"], figure), (row, cells)
        if row["lower_ci"] is not None:
            lower, upper = interval.split(" to ")
            assert _is_written(row["lower_ci"], lower) and _is_written(row["upper_ci"], upper), (row, cells)


def test_every_shown_gap_stands_on_the_page_of_its_indicator(release, pages):
    gaps = _ask(
        release,
        """
        select gaps.*, countries.country_name
        from marts.fct_inequalities as gaps join marts.dim_country as countries using (country_code)
        where measure = 'd' and estimate is not null
        qualify period = max(period) over (partition by indicator_code)
        """,
    )
    assert len(gaps) > 50
    for gap in gaps:
        cells = rows_of(_page_of(pages, gap), f"by-{gap['dimension_code']}-caption")[gap["country_name"]]
        figure, _, interval = cells[0].partition(" (")
        assert _is_written(gap["estimate"], figure), (gap, cells)
        assert _is_written(gap["lower_ci"], interval.split(" to ")[0]), (gap, cells)


def test_every_period_of_the_round_stands_in_the_trend(release, pages):
    for row in _ask(
        release,
        """
        select estimates.*, countries.country_name
        from marts.fct_estimates as estimates join marts.dim_country as countries using (country_code)
        where dimension_code = 'TOTAL' and publication_status = 'published' and indicator_code = 'CPS_02'
        """,
    ):
        periods = ["2022", "2023", "2024", "2025"]
        cells = rows_of(_page_of(pages, row), "trend-caption")[row["country_name"]]
        assert _is_written(row["value"], cells[periods.index(row["period"])])


def test_the_overview_counts_and_ranks_as_the_marts_do(release, pages):
    [found] = _ask(
        release,
        """
        select count(*) as reported, min(value) as lowest, max(value) as highest
        from marts.fct_estimates
        where indicator_code = 'CPS_02' and period = '2025' and dimension_code = 'TOTAL'
            and publication_status = 'published'
        """,
    )
    rows = rows_of(pages["en/index.html"], "indicators-caption")
    [cells] = [cells for head, cells in rows.items() if head.startswith("Germline testing in eligible breast cancer")]
    level, spread, _, _, _, reporting = cells
    assert _is_written(_eu_value(release, "CPS_02"), level)
    assert reporting.split() == [str(found["reported"]), "of", str(len(SMALL_COUNTRIES))]
    assert _is_written(found["lowest"], spread) and _is_written(found["highest"], spread)


def _eu_value(release: Path, indicator: str) -> float:
    [row] = _ask(release, f"from marts.fct_eu_values where indicator_code = '{indicator}' and period = '2025'")
    return row["value"]


def test_the_headline_figures_received_are_one_count_on_every_page(release, pages):
    counts = _ask(
        release,
        """
        select country_name, sum(reported_count)::integer as received, sum(expected_count)::integer as expected
        from marts.fct_completeness join marts.dim_country using (country_code)
        where dimension_code = 'TOTAL'
        group by country_name
        """,
    )
    listed = rows_of(pages["en/countries.html"], "countries-caption")
    by_dimension = rows_of(pages["en/completeness.html"], "breakdowns-caption")
    for row in counts:
        both = [row["received"], row["expected"]]
        assert (
            _numbers(" ".join(listed[row["country_name"]][:2]))
            == _numbers(by_dimension[row["country_name"]][0])
            == both
        )
    received, expected = (sum(row[name] for row in counts) for name in ("received", "expected"))
    facts = pages["en/index.html"].with_class("facts")[0].text
    assert (
        f"of {expected} expected headline figures received" in facts
        and f"{100 * received / expected:.0f}\N{NO-BREAK SPACE}%" in facts
    )


def test_files_in_the_release_are_those_that_the_page_of_quality_says_are(pages):
    quality = list(rows_of(pages["en/quality.html"], "submissions-caption").values())
    for country, cells in rows_of(pages["en/countries.html"], "countries-caption").items():
        answers = [row[-1] for row in quality if row[0] == country]
        assert _numbers(cells[-1]) == [answers.count("yes"), len(answers)]


def test_changes_and_the_value_of_the_eu_stand_with_unit_and_interval(release, pages):
    [change] = _ask(
        release,
        "from marts.fct_trends where country_code = 'SI' and indicator_code = 'CPS_02' "
        "and measure = 'value' and change is not null",
    )
    rows = rows_of(pages["en/country/SI.html"], "theme-CPS")
    [cells] = [cells for head, cells in rows.items() if head.startswith("Germline testing in eligible breast cancer")]
    said = re.match(r"\S+ percentage points \((\S+) to (\S+)\), ", cells[4])
    assert all(
        _is_written(change[name], limit) for name, limit in zip(("lower_ci", "upper_ci"), said.groups(), strict=True)
    )
    eu = _eu_value(release, "CPS_02")
    assert all(_is_written(value, cells[1]) for value in (eu, eu - 1, eu + 1)) and "%" in cells[1]


def test_a_country_page_names_the_file_of_each_figure(release, pages):
    page = pages[f"en/country/{CORRECTED[0]}.html"]
    files = {number: cells[0] for number, cells in rows_of(page, "files-caption").items()}
    assert len(files) == 2
    for row in _latest_estimates(release, f"dimension_code = 'TOTAL' and country_code = '{CORRECTED[0]}'"):
        theme = f"theme-{row['indicator_code'].split('_')[0]}"
        [name] = [
            r["indicator_name"]
            for r in _ask(release, f"from marts.dim_indicator where indicator_code = '{row['indicator_code']}'")
        ]
        heads = [cells for head, cells in rows_of(page, theme).items() if head.startswith(name)]
        assert heads, name
        if row["submission_id"]:
            assert row["submission_id"] in {files[cells[-1]] for cells in heads if cells[-1]}


def test_corrected_figures_are_listed_before_and_after(release, pages):
    page = pages[f"en/country/{CORRECTED[0]}.html"]
    rows = rows_of(page, "corrections-caption")
    vintages = _ask(
        release,
        f"""
        select * from marts.obs_vintages
        where country_code = '{CORRECTED[0]}' and stratum_id = 'TOTAL' and site_code = 'C61' and period = '2025'
        order by vintage_number
        """,
    )
    before, after = rows["Multigene profiling in advanced cancer Prostate"][1:3]
    assert [_numbers(before)[0], _numbers(after)[0]] == [vintage["numerator"] for vintage in vintages]


# Charts, their tables, their files


def _records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _shown_values(release: Path) -> dict[tuple[str, ...], float]:
    """Return every value that may be shown, by country, indicator, site, period, dimension and group."""
    key = ("country_code", "indicator_code", "site_code", "period", "dimension_code", "group_code")
    rows = _ask(release, "from marts.fct_estimates where publication_status in ('published', 'low_reliability')")
    return {tuple(row[name] for name in key): row["value"] for row in rows if row["value"] is not None}


def test_the_file_of_every_chart_says_what_the_warehouse_says(release, site):
    warehouse = _shown_values(release)
    files = [path for path in sorted(site.glob("charts/*.csv")) if "value" in (_records(path) or [{}])[0]]
    assert len(files) > 100
    for path in files:
        for row in _records(path):
            if "indicator_code" not in row:  # the funnel: its place has another test
                continue
            ends = (row.get("dimension_code") or "TOTAL", row.get("group_code") or "TOTAL")
            key = (row["country_code"], row["indicator_code"], row["site_code"], row["period"], *ends)
            assert (float(row["value"]) if row["value"] else None) == warehouse.get(key), (path.name, row)


def test_every_chart_draws_the_values_of_its_file_and_no_others(site):
    drawn = sorted(site.glob("en/charts/*.svg"))
    assert len(drawn) == len(list(site.glob("charts/*.csv"))) > 100
    for path in drawn:
        records = _records(site / "charts" / f"{path.stem}.csv")
        names = ("gap_before", "gap_after") if path.stem.endswith("-slope") else ("value",)
        expected = {float(row[name]) for row in records for name in names if row.get(name)}
        marks = re.findall(r'data-v="([^"]+)"', path.read_text(encoding="utf-8"))
        if "LBX_05" in path.stem or path.stem.endswith("-position"):  # yes or no has no place on a spine
            assert {float(value) for each in marks for value in each.split()} <= expected, path.name
            continue
        assert {float(value) for each in marks for value in each.split()} == expected, path.name


def test_the_table_of_a_chart_says_what_its_file_says(release, site, pages):
    names = {row["country_code"]: row["country_name"] for row in _ask(release, "from marts.dim_country")}
    for path in sorted(site.glob("charts/*-by-*.csv")):
        page = pages.get(f"en/indicator/{path.stem.partition('-by-')[0]}.html")
        if page is None:  # a chart of a country
            continue
        rows = rows_of(page, f"by-{path.stem.partition('-by-')[2]}-caption")
        for row in _records(path):
            if row["gap"]:
                gap = rows[names[row["country_code"]]][0].partition(" (")[0]
                assert _is_written(float(row["gap"]), gap), (path.name, row)
            if row["value"] and "NUTS2" not in path.stem:
                assert any(_is_written(float(row["value"]), cell) for cell in rows[names[row["country_code"]]][1:])


def test_the_funnel_has_the_limits_of_the_warehouse(release, site):
    found = {
        (row["country_code"], row["funnel_lower_95"], row["funnel_upper_998"])
        for row in _ask(
            release,
            "from marts.fct_country_comparisons where indicator_code = 'CPS_02' and period = '2025' "
            "and funnel_lower_95 is not null",
        )
    }
    rows = _records(site / "charts" / "CPS_02-funnel.csv")
    assert found and found == {
        (row["country_code"], float(row["funnel_lower_95"]), float(row["funnel_upper_998"])) for row in rows
    }


def test_the_page_is_light(site):
    style = gzip.compress((site / "assets" / "style.css").read_bytes())
    assert len(style) < 15_000
    for path in site.glob("en/**/*.html"):
        html = path.read_bytes()
        assert len(gzip.compress(html)) < 120_000, path
        assert len(re.findall(rb"<[a-z]", html)) <= 5_000, path
        requests = re.findall(rb'<link rel="(?!alternate)', html)
        assert len(requests) <= 2 and b"<script" not in html, path


# What is hidden, missing or uncertain


@pytest.mark.parametrize(
    ("country", "indicator"),
    [key for key, kind in PLANTED.items() if kind in ("suppressed", "not_reported", "not_applicable")],
)
def test_what_is_not_shown_is_a_word_and_never_a_number(release, pages, country, indicator):
    word = {"suppressed": "s", "not_reported": "not reported", "not_applicable": "not applicable"}[
        PLANTED[country, indicator]
    ]
    [name] = [row["country_name"] for row in _ask(release, f"from marts.dim_country where country_code = '{country}'")]
    page = pages[f"en/indicator/{indicator}.html"]
    ranking = rows_of(page, "ranking-caption")[name]
    assert ranking[0] == word and not any(_numbers(cell) for cell in ranking), ranking
    assert rows_of(page, "trend-caption")[name] == [*[word] * 4, "not assessed"]


def test_no_row_of_a_suppressed_figure_holds_a_number_or_a_mark(pages):
    page = pages["en/indicator/CPS_01.html"]
    rows = [row for body in page.all("tbody") for row in body.all("tr") if row.all("th")[0].text.startswith("Malta")]
    assert len(rows) > 3
    for row in rows:
        assert not any(_numbers(cell.text) for cell in row.all("td")), row.text
    drawn = page.with_class("c-MT")
    assert len(drawn) > 3 and not any("data-v" in mark.attributes for group in drawn for mark in group.all())


def test_a_gap_with_a_hidden_group_is_not_shown(pages):
    page = pages["en/indicator/CPS_02.html"]
    cells = rows_of(page, "by-ISCED11-caption")["Luxembourg"]
    assert cells[0] == "s" and cells[1] == "s"


def test_a_country_of_one_region_has_no_regional_gap(pages):
    assert rows_of(pages["en/indicator/MTB_01.html"], "by-NUTS2-caption")["Malta"][0] == "not applicable"


def test_low_reliability_is_hollow_and_flagged_and_does_not_lead(release, pages):
    page = pages["en/indicator/CPS_01.html"]
    marks = [mark for group in page.with_class("c-SI") for mark in group.all("path") if "data-v" in mark.attributes]
    hollow = [mark for mark in marks if mark.attributes.get("stroke-width") == "1.8"]
    assert hollow
    assert rows_of(page, "ranking-caption")["Slovenia"][0].partition(" (")[0].endswith("u")
    overview = rows_of(pages["en/index.html"], "indicators-caption")
    [cells] = [cells for head, cells in overview.items() if head.startswith("BRCA testing in ovarian cancer")]
    assert "Slovenia" not in cells[1]  # from the lowest to the highest


def test_provisional_figures_are_flagged_and_the_letter_is_explained(pages):
    page = pages["en/indicator/MTB_01.html"]
    assert rows_of(page, "ranking-caption")["Slovenia"][0].partition(" (")[0].endswith("p")
    [signs] = page.with_class("letters")
    assert "p provisional value" in signs.text


def test_published_values_have_no_interval_and_name_their_source(pages):
    page = pages["en/indicator/CTX_01.html"]
    cells = next(iter(rows_of(page, "ranking-caption").values()))
    assert "(" not in cells[0] and cells[1:] == ["", "", "as published (a)"]
    [sources] = page.with_class("sources")
    assert sources.text == "a Eurostat, invented"


# What is synthetic


def test_pages_with_synthetic_figures_have_a_banner_and_a_mark_in_every_row_or_table(release, pages):
    for row in _latest_estimates(release, "dimension_code = 'TOTAL' and value is not null"):
        page = _page_of(pages, row)
        assert bool(page.with_class("banner")) == row["is_synthetic"]
        marked = [
            bool(line.with_class("synthetic")) or "Synthetic figures." in table.all("caption")[0].text
            for table in page.all("table")
            for line in table.all("tr")
            if line.all("th") and line.all("td") and line.all("th")[0].text.startswith(row["country_name"])
        ]
        assert marked and all(mark == row["is_synthetic"] for mark in marked)


def test_pages_that_mix_have_the_banner(pages):
    mixed = [path for path in pages if "/indicator/" not in path and not path.endswith("/theme/CTX.html")]
    assert len(mixed) > 15 + len(SMALL_COUNTRIES)
    assert all(pages[path].with_class("banner") for path in mixed)


# How it is made


def test_there_is_a_page_for_everything(pages):
    assert {f"en/country/{code}.html" for code in SMALL_COUNTRIES} <= set(pages)
    assert {f"en/indicator/{code}.html" for code in SMALL_INDICATORS} <= set(pages)
    assert "en/indicator/MTB_01-C61.html" in pages


def test_the_rules_of_the_release_are_there_in_every_complete_language(release, site):
    rules = {row["rule"] for row in _ask(release, "select rule from catalogue.checks")}
    for code in COMPLETE_LANGUAGES:
        page = parse((site / code / "rules.html").read_text(encoding="utf-8"))
        assert rules <= {each.attributes.get("id") for each in page.all()}
        with (site / code / "rules.csv").open(encoding="utf-8", newline="") as stream:
            assert {row["rule"] for row in csv.DictReader(stream)} == rules


def test_every_internal_link_leads_somewhere(release, site, pages):
    ids = {path: {each.attributes.get("id") for each in page.all()} for path, page in pages.items()}
    for path, page in pages.items():
        for element in page.all("a", "link", "use"):
            href = element.attributes["href"] or ""
            if href == "data:,":
                continue
            if href in LEADING_AWAY and element.tag == "a":
                continue
            target, _, fragment = href.partition("#")
            resolved = (site / "r" / "id" / path).parent / target if target else site / "r" / "id" / path
            relative = str(Path(*_normal(resolved.relative_to(site).parts)))
            if relative.startswith(DATA_ROOT):
                assert (release / relative.removeprefix(DATA_ROOT)).is_file(), href
                continue
            if relative == "r/2026.1/en/index.html" or relative.startswith("explore/"):
                continue  # the release before this one keeps its address; SQL in the browser is no page of a release
            local = relative.removeprefix("r/id/")
            if local.startswith("lineage/"):
                continue  # a program answers it: the next test
            assert (site / local).is_file(), f"{path}: {href}"
            assert not fragment or fragment in ids[local], f"{path}: {href}"


def test_every_link_to_a_lineage_is_one_that_is_answered(release, pages):
    linked = {
        unquote(href.partition("/lineage/")[2])
        for page in pages.values()
        for href in _hrefs(page)
        if "/lineage/" in href
    }
    kinds = {parse_figure_id(figure_id).kind for figure_id in linked}
    assert len(linked) > 300 and kinds == {"estimate", "inequality"}
    with duckdb.connect(str(release / "warehouse.duckdb"), read_only=True) as connection:
        search_public_schemas(connection)
        unknown = [each for each in linked if find_figure(connection, parse_figure_id(each)) is None]
    assert not unknown


def test_whatever_a_mark_leads_to_the_table_of_its_chart_leads_to_as_well(pages):
    """Links of drawings are left out of the keyboard's way: the same stand in tables.

    Of groups the table has their gap, whose own page leads to each of them.
    """
    for path, page in pages.items():
        in_tables = {href for table in page.all("table") for href in _hrefs(table)}
        through_gaps = {href.rpartition("/")[0] for href in in_tables if href.endswith("/d")}
        for drawing in page.with_class("chart"):
            further = {href.rpartition(":")[0] for href in _hrefs(drawing) - in_tables}
            assert further <= through_gaps, path
            assert all(link.attributes["tabindex"] == "-1" for link in drawing.all("a")), path


def test_each_mark_of_a_group_leads_to_its_own_lineage(pages):
    """One value each, but for regions, which are too many."""
    drawings = [each for path, page in pages.items() if "/indicator/" in path for each in page.with_class("chart")]
    links = [link for drawing in drawings for link in drawing.all("a")]
    of_groups = [link for link in links if re.search(r"/(ISCED11|QUANTILE|SEX):", link.attributes["href"])]
    assert len(of_groups) > 300
    for link in of_groups:
        [mark] = [each for each in link.all() if "data-v" in each.attributes]
        assert " " not in mark.attributes["data-v"], link.attributes["href"]


def test_every_mark_of_a_value_leads_to_its_lineage(pages):
    marks = 0
    for path, page in pages.items():
        for drawing in page.with_class("chart"):
            linked = [mark for link in drawing.all("a") for mark in link.all() if "data-v" in mark.attributes]
            marks += len(linked)
            assert len(linked) == sum("data-v" in mark.attributes for mark in drawing.all()), path
    assert marks > 1000


def _hrefs(element: Element) -> set[str]:
    return {each.attributes["href"] or "" for each in element.all("a")}


def _normal(parts: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for part in parts:
        if part == "..":
            found.pop()
        else:
            found.append(part)
    return found


def test_nothing_comes_from_outside_and_nothing_runs(site, pages):
    for path, page in pages.items():
        assert not page.all("script", "iframe", "img", "object", "embed", "form", "style"), path
        for element in page.all():
            for name, value in element.attributes.items():
                assert not name.startswith("on") and name not in ("style", "src", "srcset"), (path, name)
                if name in ("href", "action", "xlink:href") and (element.tag, value) != ("a", LICENCE):
                    assert not re.match(r"([a-z]+:)?//|javascript:", value or ""), (path, value)
    css = (site / "assets" / "style.css").read_text(encoding="utf-8")
    assert not re.search(r"@import|url\(|//", css)


def test_tables_can_be_read_aloud(pages):
    for path, page in pages.items():
        for table in page.all("table"):
            assert table.all("caption"), path
            assert all(head.attributes.get("scope") for head in table.all("th")), path
            heads = [head.text for head in table.all("thead")[0].all("th")]
            assert all(heads), (path, heads)


def test_drawings_have_words(pages):
    for path, page in pages.items():
        for drawing in page.with_class("chart"):
            assert drawing.attributes["role"] == ("group" if drawing.all("a") else "img"), path
            assert len(drawing.attributes["aria-label"] or "") > 40, path


def test_pages_have_landmarks_one_heading_and_unique_ids(pages):
    for path, page in pages.items():
        assert [len(page.all(tag)) for tag in ("main", "header", "footer", "h1", "title")][:4] == [1, 1, 1, 1], path
        [skip] = page.with_class("skip")
        ids = [each.attributes["id"] for each in page.all() if "id" in each.attributes]
        assert skip.attributes["href"] == "#content" and len(ids) == len(set(ids)), path
        levels = [int(heading.tag[1]) for heading in page.all("h1", "h2", "h3")]
        assert levels[0] == 1 and all(b - a <= 1 for a, b in itertools.pairwise(levels)), path


def test_a_release_is_drawn_to_the_same_bytes_by_however_many_processes(release, site, tmp_path):
    render_site(release, tmp_path, processes=2)
    assert _digests(tmp_path) == _digests(site)


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_text_from_outside_cannot_become_markup(pages):
    assert "Few values lie outside their <soft> bounds." in "".join(pages["en/quality.html"].text)


# A published release


def test_the_widest_gap_is_the_largest_whichever_way_it_points(release):
    read = read_release(release)
    dimension = read.dimensions["ISCED11"]
    series = next(each for each in read.headlines if len(sentences.shown_gaps(read, each, dimension)) > 1)
    sizes = iter(range(1, 100))
    gaps = {
        code: {(row.period, "d"): row._replace(estimate=-10.0 * next(sizes))}
        for code, row in sentences.shown_gaps(read, series, dimension).items()
    }
    turned = dataclasses.replace(series, gaps=series.gaps | {"ISCED11": gaps})
    last = read.countries[list(gaps)[-1]].country_name
    with speaking(language_for("en")):
        assert sentences.gap(read, turned, dimension).endswith(
            f"The widest gap is \N{MINUS SIGN}{parts.with_gap_unit(series, 10.0 * len(gaps))}, in {last}"
        )


@pytest.fixture
def published(settings: Settings, release) -> Settings:
    shutil.copytree(release, Home(settings.home).releases / RELEASE["release_id"])
    return settings


def test_a_release_gets_its_site_once(published):
    folder = render_release(published, RELEASE["release_id"])
    before = (folder / "en" / "index.html").stat().st_mtime_ns
    assert render_release(published, RELEASE["release_id"]) == folder
    assert (folder / "en" / "index.html").stat().st_mtime_ns == before
    assert not list(folder.parent.glob(".tmp-*"))


def test_a_half_drawn_site_of_a_killed_run_is_swept_away(published):
    folder = Home(published.home).releases / RELEASE["release_id"]
    (folder / ".tmp-killed" / "en").mkdir(parents=True)
    render_release(published, RELEASE["release_id"])
    assert not list(folder.glob(".tmp-*")) and (folder / "site" / "en" / "index.html").is_file()


def test_a_release_that_changed_is_not_drawn(published):
    folder = Home(published.home).releases / RELEASE["release_id"]
    with (folder / "release.json").open("a") as stream:
        stream.write(" ")
    with pytest.raises(PcmError, match=r"release\.json has changed"):
        render_release(published, RELEASE["release_id"])
    assert not (folder / "site").exists()


# Methods


def test_every_measure_of_the_documentation_is_on_the_page_of_methods(pages):
    """The tables of `docs/methods` name each measure in its first column."""
    listed = {each.attributes.get("id") for each in pages["en/methods.html"].all("tr")}
    for name in ("inequality", "comparisons"):
        text = (PROJECT_ROOT / "docs" / "methods" / f"{name}.md").read_text(encoding="utf-8")
        first_cells = [line.split("|")[1] for line in text.splitlines() if re.match(r"\| `[a-z_]+`(,|) ", line)]
        documented = {measure for cell in first_cells for measure in re.findall(r"`([a-z_]+)`", cell)}
        assert len(documented) > 5 and documented <= listed, documented - listed


# Shapes that an operator supplies


def test_regions_are_drawn_if_their_shapes_are_there(release, tmp_path):
    squares = [
        {
            "properties": {"NUTS_ID": code},
            "geometry": {"type": "Polygon", "coordinates": [[[x, 46], [x + 1, 46], [x + 1, 47], [x, 47], [x, 46]]]},
        }
        for code, x in (("FR10", 2), ("FRK2", 4), ("SI03", 15), ("SI", 14))
    ]
    shapes = tmp_path / "nuts2.json"
    shapes.write_text(json.dumps(build_regions({"features": squares})), encoding="utf-8")
    render_site(release, tmp_path / "site", str(shapes))
    drawn = (tmp_path / "site" / "en" / "charts" / "MTB_01-regions.svg").read_text(encoding="utf-8")
    assert set(re.findall(r'<g class="c-(\w{4})">', drawn)) == {"FR10", "FRK2", "SI03"}
    page = parse((tmp_path / "site" / "en" / "indicator" / "MTB_01.html").read_text(encoding="utf-8"))
    assert any(label.text == "Regions" for label in page.all("label"))


def test_a_sentence_of_a_country_counts_the_gaps_of_its_chart_and_names_no_count_of_none(site, pages):
    told = 0
    for path, page in pages.items():
        assert not re.search(r"no clear (?:difference|change) in 0\b|; in 0 ", page.text), path
        said = re.search(r"of (\d+) gaps?, those with less", page.text)
        if said and path.startswith("en/country/"):
            shown = re.search(r"widest of (\d+) gaps", page.text)
            drawn = {tuple(row.values())[2:4] for row in _records(site / "charts" / f"{Path(path).stem}-widest.csv")}
            assert int(said[1]) == (int(shown[1]) if shown else len(drawn)), path
            told += 1
    assert told


def test_every_page_can_be_cited_and_names_its_licence_and_a_contact(pages):
    for path, page in pages.items():
        footer = page.all("footer")[-1]
        assert f"https://observatory.example/r/2026.2/{path}" in footer.text, path
        led = {link.attributes.get("href") for link in footer.all("a")}
        assert led >= LEADING_AWAY, path
    assert "“Luxembourg”" in pages["en/country/LU.html"].text
