"""The site in many languages: each page drawn once, every sentence translated, the same figures everywhere."""

import re
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pytest
from markupsafe import Markup

from dashboards import render_site
from dashboards.drafting import Draft, drawn_later, later, longest, say_in_page
from dashboards.ordering import HERE, in_order, sorted_in
from dashboards.patchy import PatchyLanguage
from dashboards.speech import say, say_count, speaking, spoken, word
from dashboards.words import capital, lower, number
from ingestion.languages import language_for
from ingestion.languages.alphabet import sort_key
from tests.html_pages import Element, parse, rows_of
from tests.invented_release import write_release
from tests.pseudo_language import CLOSED, OPENED, PseudoLanguage

GERMAN, FRENCH, POLISH, SPANISH = map(language_for, ("de", "fr", "pl", "es"))
SAID = re.compile(f"{OPENED}[^{OPENED}{CLOSED}]*{CLOSED}")
WORD = re.compile(r"\b[a-z]{3,}\b")
# What is the same in every language: the name of the house, names of files, addresses.
SAME = re.compile(r"PCM Observatory|\b\w+\.(?:duckdb|json)\b|\b(?:csv|parquet)\b|https?://\S+")
OWN_WORDS = ("code", "style", "script")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    release, folder = write_release(tmp_path_factory.mktemp("release")), tmp_path_factory.mktemp("site")
    render_site(release, folder, languages=[language_for("en"), SPANISH, PseudoLanguage("mt"), PatchyLanguage("sv")])
    return folder


@pytest.fixture(scope="module")
def pages(site) -> dict[str, dict[str, Element]]:
    """Every page of our own, parsed, by language and path; the rules are drawn as for a contact."""
    return {
        code: {
            path.relative_to(site / code).as_posix(): parse(path.read_text(encoding="utf-8"))
            for path in sorted((site / code).rglob("*.html"))
            if path.name != "rules.html"
        }
        for code in ("en", "es", "mt", "sv")
    }


# A draft and its places


def test_a_draft_says_in_each_language_what_is_said_without_it():
    def said() -> str:
        return ". ".join(
            (
                capital(say("{low} to below {high}", low=number(1234.5, 1), high=number(-0.4, 0))),
                lower(say("Countries")),
                say_count("{count} case", "{count} cases", 1),
                say_count("{count} case", "{count} cases", 22),
                say_in_page("Release {release}", release=Markup("<b>{}</b>").format(say("worse"))),
            )
        )

    draft = Draft("en", (GERMAN, FRENCH, POLISH))
    with speaking(draft):
        drawn = said()
    for language, filled in draft.filled(drawn):
        with speaking(language):
            assert filled == said()


def test_words_in_a_draft_are_escaped_once():
    draft = Draft("en", (GERMAN,))
    with speaking(draft):
        drawn = f"{later(lambda: 'a < b')} {drawn_later(lambda: '<b>c</b>')} {say_in_page('{x}', x=later(lambda: '&'))}"
    assert [filled for _, filled in draft.filled(drawn)] == ["a &lt; b <b>c</b> &amp;"]


def test_the_same_words_have_one_place_and_the_longest_language_has_room():
    with speaking(Draft("en", (language_for("en"), GERMAN))):
        assert say("Countries") == say("Countries") != say("Releases")
        assert longest(say("Release")) == len("Veröffentlichung")
        assert say("") == ""


def test_a_text_that_holds_the_signs_of_a_place_harms_nothing():
    draft = Draft("en", (GERMAN,))
    assert [filled for _, filled in draft.filled("a \ue00299\ue003 b")] == ["a  b"]


def test_data_have_words_of_one_language():
    draft = Draft("en", (GERMAN, FRENCH))
    with speaking(draft):
        words = say("better")
    assert (draft.plain(words, GERMAN), draft.plain(words, FRENCH)) == ("besser", "meilleur")
    assert spoken().code == "en"


# The pages


def _own(element: Element):
    """Yield (element, text inside it) of what is in the page's language: outside code, outside another language's."""
    for child in element.children:
        if isinstance(child, str):
            yield element, child
        elif child.tag not in OWN_WORDS and "lang" not in child.attributes:
            yield from _own(child)


def _attributes(page: Element):
    """Yield the texts that a screen reader or a search engine reads of a page."""
    for element in page.all():
        is_description = element.attributes.get("name") == "description"
        yield from (element.attributes.get(name) or "" for name in ("aria-label", "title", "alt"))
        yield element.attributes.get("content") or "" if is_description else ""


def _unsaid(text: str) -> str:
    """Return what is left of a text without all that the pseudo-language said."""
    while (shorter := SAID.sub("", text)) != text:
        text = shorter
    return SAME.sub("", text)


def test_no_page_has_a_word_that_was_not_asked_for_in_its_language(pages):
    unsaid = set()
    for path, page in pages["mt"].items():
        said = _unsaid("\n".join(text for _, text in _own(page.all("html")[0])))
        left = [*said.split("\n"), *map(_unsaid, _attributes(page))]
        unsaid.update((path, line.strip()) for line in left if WORD.search(line))
    assert not unsaid


def test_every_page_says_its_language_and_where_it_stands_in_the_others(site, pages):
    for code, drawn in pages.items():
        assert drawn.keys() == pages["en"].keys()
        for path, page in drawn.items():
            [html] = page.all("html")
            assert html.attributes["lang"] == ("en" if code == "sv" else code), path  # Swedish has no file of its own
            alternates = [each for each in page.all("link") if each.attributes.get("rel") == "alternate"]
            assert [each.attributes["hreflang"] for each in alternates] == ["en", "es", "mt", "sv"]
            [switch] = page.with_class("languages")
            links = switch.all("a")
            assert [each.attributes["href"] for each in links] == [each.attributes["href"] for each in alternates]
            assert [each.attributes["lang"] for each in links if "aria-current" in each.attributes] == [code]
            for each in links:
                target = (site / code / path).parent / each.attributes["href"]
                assert target.resolve() == (site / each.attributes["lang"] / path).resolve()


def test_figures_are_the_same_in_every_language(pages):
    """Digits without the signs between them: a table of Spanish has the numbers of the English one.

    Within a table the rows of one rank, or all of them, stand in the order of the names of countries.
    """

    def digits(page: Element) -> list[list[list[str]]]:
        return [
            sorted([re.sub(r"\D", "", cell.text) for cell in row.all("td")] for row in table.all("tr"))
            for table in page.with_class("data")
        ]

    for path, page in pages["en"].items():
        assert digits(page) == digits(pages["es"][path]), path


@pytest.mark.parametrize("name", ["compare", "gaps", "completeness"])
def test_each_column_is_that_of_its_country_in_every_language(pages, name):
    """In Spanish, Slovenia comes before France."""
    columns = {}
    for code in ("en", "es"):
        table = pages[code][f"{name}.html"].with_class("matrix")[0]
        codes = [link.attributes["href"][-7:-5] for link in table.all("thead")[0].all("a")]
        first = 1 if name == "gaps" else 0
        rows = [row.all("td")[first:] for row in table.all("tbody")[0].all("tr")]
        cells = [[(cell.attributes.get("class"), re.sub(r"\D", "", cell.text)) for cell in row] for row in rows if row]
        columns[code] = {each: [row[place] for row in cells] for place, each in enumerate(codes)}
    assert columns["en"] == columns["es"]
    assert list(columns["en"]) == ["FR", "EL", "LU", "MT", "SI"]
    assert list(columns["es"]) == ["SI", "FR", "EL", "LU", "MT"]


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("de", ["Norwegen", "Österreich", "Polen"]),
        ("sv", ["Ungern", "Åland", "Österrike"]),
        ("pl", ["Luksemburg", "Łotwa", "Malta"]),
        ("cs", ["Finsko", "Chorvatsko", "Irsko"]),
        ("et", ["Soome", "Zimbabwe", "Taani"]),
        ("fr", ["Danemark", "Espagne", "États-Unis", "Finlande"]),
    ],
)
def test_names_stand_in_the_order_of_the_readers_alphabet(code, names):
    """The rules of CLDR for each language: https://github.com/unicode-org/cldr/tree/main/common/collation."""
    assert sorted(names, key=lambda each: sort_key(each, code)) == names


def test_pieces_are_sorted_once_their_names_are_known_and_slots_keep_their_order():
    draft = Draft("en", (GERMAN, POLISH))
    with speaking(draft):
        drawn = in_order(
            [(word(name), f"[{HERE} {word(name)}]") for name in ("Austria", "Latvia", "Malta")], ["1", "2", "3"]
        )
    filled = [sorted_in(page, language.code) for language, page in draft.filled(f"a{drawn}b{in_order([])}")]
    assert filled == ["a[1 Lettland][2 Malta][3 Österreich]b", "a[1 Austria][2 Łotwa][3 Malta]b"]
    assert in_order([("b", "2"), ("a", "1")]) == "12"


def test_pieces_of_one_rank_stand_in_the_order_of_their_names_and_no_others():
    named = [
        ("Zypern", f"<z {HERE}>"),
        ("Malta", f"<m {HERE}>"),
        ("Österreich", f"<o {HERE}>"),
        ("Polen", f"<p {HERE}>"),
    ]
    with speaking(Draft("en", (GERMAN,))):
        drawn = in_order(named, ["1", "2", "3", "4"], ranks=[0, 1, 1, 0])
        tied = in_order(named[::-1], ["1", "2", "3", "4"], ranks=[0, 1, 1, 1])
    assert sorted_in(drawn, "de") == "<z 1><m 2><o 3><p 4>"
    assert sorted_in(tied, "de") == "<p 1><m 2><o 3><z 4>"


@pytest.mark.parametrize("code", ["en", "es"])
def test_countries_with_the_same_answer_stand_in_the_order_of_the_readers_alphabet(pages, code):
    table = rows_of(pages[code]["indicator/LBX_05.html"], "ranking-caption")
    answers = [(cells[0], name) for name, cells in table.items()]
    for _, group in groupby(answers, key=itemgetter(0)):
        names = [name for _, name in group]
        assert names == sorted(names, key=lambda name: sort_key(name, code))
    assert len({answer for answer, _ in answers}) < len(answers)


def test_a_ranked_drawing_and_its_table_have_one_order_in_every_language(pages):
    for code, by_path in pages.items():
        page = by_path["indicator/CPS_01.html"]
        drawn = [each for each in page.with_class("chart")[0].all() if "c-" in each.attributes.get("class", "")]
        places = {float(each.attributes["transform"][12:-1]): each.all("text")[0].text for each in drawn}
        assert len(places) == len(drawn) > 3
        heads = zip(rows_of(page, "ranking-caption"), sorted(places), strict=True)
        assert all(head.startswith(places[y]) for head, y in heads), code


def test_a_country_has_its_own_name_beside_another_one_only(pages):
    """Slovenija beside Slovenia and Eslovenia; Malta is Malta in both."""

    def has_two_names(language_code: str, country_code: str) -> bool:
        [heading] = pages[language_code][f"country/{country_code}.html"].all("h1")
        return bool(heading.with_class("site"))

    assert has_two_names("en", "SI") and has_two_names("es", "SI")
    assert not has_two_names("en", "MT") and not has_two_names("es", "MT")


def test_drawings_show_the_same_values_in_every_language(site):
    for path in sorted((site / "en" / "charts").glob("*.svg")):
        values = [
            sorted(re.findall(r'data-v="([^"]+)"', (site / code / "charts" / path.name).read_text()))
            for code in ("en", "es", "mt")
        ]
        assert values[0] == values[1] == values[2], path.name


def test_what_has_no_translation_says_that_it_is_english(pages):
    """Swedish has no translation: all that is said is marked; names of countries are in the language."""
    main = pages["sv"]["about.html"].all("main")[0]
    assert not [text for _, text in _own(main) if WORD.search(text.replace("PCM Observatory", ""))]
