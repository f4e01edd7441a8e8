"""A brief is the first sheet of a country's page, one tagged A4 sheet for each country, and nothing else."""

import shutil

import pypdfium2
import pytest

from dashboards.briefs import brief_page, write_brief
from ingestion.errors import UsageError
from ingestion.pdf import is_possible
from ingestion.store.atomic import write_json
from ingestion.store.home import Home
from ingestion.store.published import point_at, record_withdrawal

pytestmark = pytest.mark.skipif(not is_possible(), reason="no Pango")
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name}</title></head>
<body class="country"><header class="masthead"><nav aria-label="Main">Overview</nav></header>
<main id="content"><h1>{name}</h1><div class="sheet"><p><a class="x" href="../a.html">On one sheet</a></p>
<details><summary>Show as table</summary>table</details></div>
<section aria-labelledby="a"><h2 id="a">Every indicator</h2><p style="height: 900mm"></p></section></main>
<footer class="wide"><p>Cite as</p><p>Methods</p></footer></body></html>"""


@pytest.fixture
def released(settings):
    """A release whose site has two countries in English."""
    folder = Home(settings.home).releases / "2026.1"
    write_json(folder / "release.json", {"release_id": "2026.1", "release_sequence": 1})
    for code, name in (("LU", "Luxembourg"), ("MT", "Malta")):
        path = folder / "site" / "en" / "country" / f"{code}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(name=name))
    point_at(settings, "2026.1")
    return settings


def _texts(path) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)]


def test_each_country_has_one_sheet_with_its_first_sheet_only(released, tmp_path):
    target = tmp_path / "pack.pdf"
    assert write_brief(released, target, release_id=None, language_code="en") == 2
    for text, name in zip(_texts(target), ("Luxembourg", "Malta"), strict=True):
        assert name in text and "On one sheet" in text and "Cite as" in text
        assert not any(word in text for word in ("Every indicator", "Overview", "Show as table", "Methods"))
    assert pypdfium2.PdfDocument(target).is_tagged()


def test_a_brief_leads_nowhere():
    """Its links would be paths of the machine that drew it."""
    assert "On one sheet" in brief_page(PAGE) and "href" not in brief_page(PAGE)


def test_the_notice_of_a_withdrawn_release_stands_on_its_briefs_in_their_language(released, tmp_path):
    site = Home(released.home).releases / "2026.1" / "site"
    shutil.copytree(site / "en", site / "fr")
    record_withdrawal(released, "2026.1", {"withdrawn_at": "2026-12-01T10:00:00+00:00", "reason": "a wrong column"})
    write_brief(released, tmp_path / "lu.pdf", release_id="2026.1", language_code="fr", country_codes=["LU"])
    [text] = _texts(tmp_path / "lu.pdf")
    assert "La publication 2026.1 a été retirée le 1 déc. 2026" in text and "a wrong column" in text


def test_the_brief_of_an_earlier_release_says_that_there_is_a_newer_one(released, tmp_path):
    releases = Home(released.home).releases
    write_json(releases / "2026.2" / "release.json", {"release_id": "2026.2", "release_sequence": 2})
    point_at(released, "2026.2")
    write_brief(released, tmp_path / "lu.pdf", release_id="2026.1", language_code="en", country_codes=["LU"])
    [text] = _texts(tmp_path / "lu.pdf")
    assert "A newer release exists: 2026.2" in text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"country_codes": ["XX"]}, "has no country XX. It has LU, MT."),
        ({"language_code": "fi"}, "do not exist in the language fi"),
        ({"release_id": "2026.9"}, "There is no release 2026.9"),
    ],
)
def test_what_is_not_there_is_said(released, tmp_path, asked, sentence):
    with pytest.raises(UsageError) as error:
        write_brief(released, tmp_path / "x.pdf", **{"release_id": None, "language_code": "en"} | asked)
    assert sentence in str(error.value)
    assert not (tmp_path / "x.pdf").exists()
