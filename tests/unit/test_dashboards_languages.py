"""The site in many languages: each page drawn once, every sentence translated, the same figures everywhere."""

import re
from pathlib import Path

import pytest
from markupsafe import Markup

from dashboards import render_site
from dashboards.drafting import Draft, drawn_later, later, longest, say_in_page
from dashboards.patchy import PatchyLanguage
from dashboards.speech import say, say_count, speaking, spoken
from dashboards.words import capital, lower, number
from ingestion.languages import Language, language_for
from tests.html_pages import Element, parse
from tests.invented_release import write_release

GERMAN, FRENCH, POLISH = map(language_for, ("de", "fr", "pl"))
OPENED, CLOSED = "\u2e22", "\u2e23"
SAID = re.compile(f"{OPENED}[^{OPENED}{CLOSED}]*{CLOSED}")
WORD = re.compile(r"\b[a-z]{3,}\b")
# What is the same in every language: the name of the house, names of files, addresses.
SAME = re.compile(r"PCM Observatory|\b\w+\.(?:duckdb|json)\b|\b(?:csv|parquet)\b|https?://\S+")
OWN_WORDS = ("code", "style", "script")


class PseudoLanguage(Language):
    """Says everything in brackets and two fifths longer, so that what was not asked for shows, and what has no room."""

    def say(self, text, /, **values):
        return self._longer(text, super().say(text, **values))

    def say_count(self, one, many, count, /, **values):
        return self._longer(many, super().say_count(one, many, count, **values))

    def word(self, text):
        return self._longer(text, text)

    @property
    def text_code(self):
        return self.code

    @staticmethod
    def _longer(text, said):
        return OPENED + said + "\u00b7" * round(0.4 * len(text)) + CLOSED


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    release, folder = write_release(tmp_path_factory.mktemp("release")), tmp_path_factory.mktemp("site")
    render_site(release, folder, languages=[language_for("en"), GERMAN, PseudoLanguage("mt"), PatchyLanguage("sv")])
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
        for code in ("en", "de", "mt", "sv")
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
            assert [each.attributes["hreflang"] for each in alternates] == ["en", "de", "mt", "sv"]
            [switch] = page.with_class("languages")
            links = switch.all("a")
            assert [each.attributes["href"] for each in links] == [each.attributes["href"] for each in alternates]
            assert [each.attributes["lang"] for each in links if "aria-current" in each.attributes] == [code]
            for each in links:
                target = (site / code / path).parent / each.attributes["href"]
                assert target.resolve() == (site / each.attributes["lang"] / path).resolve()


def test_figures_are_the_same_in_every_language(pages):
    """Digits without the signs between them: a table of German has the numbers of the English one, in its order."""

    def digits(page: Element) -> list[str]:
        cells = [cell.text for table in page.with_class("data") for cell in table.all("td")]
        return [re.sub(r"\D", "", cell) for cell in cells]

    for path, page in pages["en"].items():
        assert digits(page) == digits(pages["de"][path]), path


def test_a_country_has_its_own_name_beside_another_one_only(pages):
    """Slovenija beside Slovenia and Slowenien; Malta is Malta in both."""

    def has_two_names(language_code: str, country_code: str) -> bool:
        [heading] = pages[language_code][f"country/{country_code}.html"].all("h1")
        return bool(heading.with_class("site"))

    assert has_two_names("en", "SI") and has_two_names("de", "SI")
    assert not has_two_names("en", "MT") and not has_two_names("de", "MT")


def test_drawings_show_the_same_values_in_every_language(site):
    for path in sorted((site / "en" / "charts").glob("*.svg")):
        values = [
            re.findall(r'data-v="([^"]+)"', (site / code / "charts" / path.name).read_text()) for code in ("en", "mt")
        ]
        assert values[0] == values[1], path.name


def test_what_has_no_translation_says_that_it_is_english(pages):
    """Swedish has no translation: all that is said is marked; names of countries are in the language."""
    main = pages["sv"]["about.html"].all("main")[0]
    assert not [text for _, text in _own(main) if WORD.search(text.replace("PCM Observatory", ""))]
