"""A reader's language: sentences filled, plurals, numbers and dates as the reader writes them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.catalogue import rows
from ingestion.errors import UsageError
from ingestion.languages import country_language, known_languages, language_for, terminal_language
from ingestion.languages.catalogues import read_catalogue
from ingestion.languages.language import LOCALES, Language

EU_LANGUAGES = [
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fi",
    "fr",
    "ga",
    "hr",
    "hu",
    "it",
    "lt",
    "lv",
    "mt",
    "nl",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sv",
]
POLISH = """
msgid ""
msgstr ""
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "{count} row"
msgid_plural "{count} rows"
msgstr[0] "{count} wiersz"
msgstr[1] "{count} wiersze"
msgstr[2] "{count} wierszy"

#, fuzzy
msgid "doubtful"
msgstr "niepewne"

msgid "untranslated"
msgstr ""

msgid "{count} cell"
msgid_plural "{count} cells"
msgstr[0] "{count} komórka"
msgstr[1] ""
msgstr[2] ""

#~ msgid "gone"
#~ msgstr "stare"

msgid "a \\"quoted\\" "
"line\\n"
msgstr ""
"„cytat” "
"w\\\\n\\n"
"""


@pytest.fixture
def polish(tmp_path, monkeypatch):
    path = tmp_path / "pl.po"
    path.write_text(POLISH, encoding="utf-8")
    monkeypatch.setattr("ingestion.languages.language.catalogue_of", lambda code: read_catalogue(path))
    return Language("pl")


@pytest.mark.parametrize(("count", "text"), [(1, "1 wiersz"), (3, "3 wiersze"), (12, "12 wierszy"), (22, "22 wiersze")])
def test_a_language_with_three_forms_counts_in_three_forms(polish, count, text):
    assert polish.say_count("{count} row", "{count} rows", count) == text


@pytest.mark.parametrize(("count", "text"), [(1, "1 cell"), (5, "5 cells")])
def test_a_plural_that_is_half_translated_stays_english(polish, count, text):
    assert polish.say_count("{count} cell", "{count} cells", count) == text


@pytest.mark.parametrize("text", ["doubtful", "untranslated", "gone", "never seen", ""])
def test_a_message_without_a_sure_translation_stays_english(polish, text):
    assert polish.say(text) == text


def test_a_translation_over_several_lines_is_read_whole(polish):
    assert polish.say('a "quoted" line\n') == "„cytat” w\\n\n"


@given(st.text())
def test_what_a_sender_wrote_is_never_taken_for_a_placeholder(text):
    assert language_for("en").say("{found} {row}", found=text, row="7") == f"{text} 7"


def test_a_placeholder_without_a_value_is_an_error():
    with pytest.raises(KeyError):
        language_for("en").say("{found}")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "-12,345.5"),
        ("fr", "-12\u202f345,5"),
        ("de", "-12.345,5"),
        ("el", "-12.345,5"),
        ("nb", "-12\u00a0345,5"),
        ("pl", "-12\u00a0345,5"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(code, text):
    assert language_for(code).number(-12345.5) == text
    assert language_for(code).say("{value}", value=-12345.5) == text


@pytest.mark.parametrize(
    ("number", "text"), [(3.0, "3"), (100, "100"), (0.12344, "0.1234"), (0.00001, "0"), (-0.00001, "0")]
)
def test_numbers_have_no_more_decimals_than_they_need(number, text):
    assert language_for("en").number(number) == text


@given(st.integers(-(10**12), 10**12), st.sampled_from(known_languages()))
def test_whole_numbers_are_written_as_cldr_says(number, code):
    from babel.numbers import format_decimal

    locale = LOCALES.get(code, code)
    assert language_for(code).number(number) == format_decimal(number, locale=locale, numbering_system="latn")
    assert language_for(code).number(0.5) == format_decimal(0.5, locale=locale, numbering_system="latn")


def test_a_reading_of_a_number_cannot_be_taken_for_another():
    """To a German, 1.063 is a thousand and sixty-three."""
    readings = {"reading": "1063", "other_reading": "1.063"}
    assert language_for("de").say("{reading} {other_reading}", **readings) == "1063 1,063"
    assert language_for("en").say("{reading} {other_reading}", **readings) == "1063 1.063"


def test_days_and_moments_are_written_in_the_language_of_the_text():
    moment = datetime(2026, 12, 15, 23, 50, 11, tzinfo=UTC)
    assert language_for("fr").moment(moment) == "15 déc. 2026, 23:50 UTC"
    assert language_for("fr").say("{when}", when=moment) == "15 déc. 2026, 23:50 UTC"
    assert language_for("de").day(date(2026, 12, 5)) == "05.12.2026"
    assert language_for("el").day(date(2026, 12, 5)) == "5 Dec 2026"


def test_words_of_the_catalogue_are_translated_and_names_of_senders_are_not():
    french = language_for("fr")
    assert french.say("{country_name}", country_name="Greece") == "Grèce"
    assert french.say("{delimiter_name}", delimiter_name="semicolons") == "points-virgules"
    assert french.say("{found}", found="semicolons") == "semicolons"


def test_every_country_of_the_catalogue_has_its_name_in_every_complete_language():
    for code in ("fr", "pl"):
        names = {language_for(code).word(row["country_name"]) for row in rows("countries")}
        assert len(names) == len(rows("countries"))


@pytest.mark.parametrize("code", [*EU_LANGUAGES, "nb", "no", "is"])
def test_every_language_of_the_union_norwegian_and_icelandic_are_known(code):
    language = language_for(code)
    assert language.say("Found")
    assert language.is_fallback == bool(language.note) == (language.code not in {"en", "fr", "de", "es", "it", "pl"})


def test_a_reader_whose_language_is_missing_is_told_so_in_its_own_name():
    assert language_for("fi").note == "This answer is in English: there is no translation into suomi yet."
    assert language_for("fi").text_code == "en"


def test_a_language_that_does_not_exist_is_answered_with_those_that_do():
    with pytest.raises(UsageError, match=r"xx is not a language we know. Languages: bg .* sv"):
        language_for("xx")


def test_a_country_reads_its_first_language():
    assert [country_language(code) for code in ("LU", "BE", "NO", "ZZ")] == ["fr", "nl", "nb", "en"]
    assert {country_language(row["country_code"]) for row in rows("countries")} <= set(known_languages())


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({"LANG": "pl_PL.UTF-8"}, "pl"),
        ({"LANG": "pl_PL.UTF-8", "LC_MESSAGES": "fr_LU"}, "fr"),
        ({"LANG": "pl_PL.UTF-8", "LC_ALL": "C.UTF-8", "LC_MESSAGES": "fr_LU"}, "en"),
        ({"LANG": "fr_FR", "LC_ALL": ""}, "fr"),
        ({"LANG": "nn_NO.UTF-8"}, "nb"),
        ({"LANG": "sr_RS@latin"}, "sr"),
        ({"LANG": "xx_XX"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({}, "en"),
    ],
)
def test_the_terminal_s_language_is_found_as_gettext_finds_it(environ, code):
    assert terminal_language(environ) == code
