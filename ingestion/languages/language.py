"""A reader's language: sentences, numbers and dates.

Babel is imported only where a date or a country's name is asked for: it takes a tenth of a second and more.
"""

import csv
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from ingestion.catalogue import rows
from ingestion.languages.catalogues import Catalogue, catalogue_of
from ingestion.languages.texts import fill, phrase

SOURCE_CODE = "en"
# CLDR's plain "en" is American; ours is the English of the European Union, which writes 25 Nov 2026.
LOCALES = {SOURCE_CODE: "en_IE"}
SIGNS_FILE = Path(__file__).with_name("number_signs.csv")
MOST_DECIMALS = 4
MINUS = "\u2212"
# CLDR's English has "95%"; ours keeps the space of the other languages and of the texts.
PERCENT_GAPS = {SOURCE_CODE: "\u00a0"}
TRANSLATED_ENDINGS = ("_label", "_name")
READING_ENDING = "reading"
DAY_ENDING = "_on"  # a result that was written as JSON holds its days as texts
FALLBACK_NOTE = phrase("This answer is in English: there is no translation into {language} yet.")


@cache
def number_signs() -> dict[str, tuple[str, str]]:
    """Return {language: its signs between groups of digits and before decimals}: those of CLDR, which a test holds."""
    with SIGNS_FILE.open(newline="", encoding="utf-8") as stream:
        return {row["language_code"]: (row["group_sign"], row["decimal_sign"]) for row in csv.DictReader(stream)}


@dataclass(frozen=True)
class Language:
    """The language of one reader, by its code; without a translation the text is English, the numbers the reader's."""

    code: str

    @property
    def is_fallback(self) -> bool:
        """Say whether the reader gets English for want of a translation."""
        return self.code != SOURCE_CODE and self._translation is None

    @property
    def text_code(self) -> str:
        """The code of the language that the sentences are in, as `<html lang>` wants it."""
        return SOURCE_CODE if self.is_fallback else self.code

    @property
    def own_name(self) -> str:
        """The language's name in itself, from CLDR: français, Ελληνικά."""
        from babel import Locale

        return str(Locale.parse(self.code).get_display_name())

    @property
    def note(self) -> str:
        """The sentence that stands at the head of an answer in English for want of a translation, or nothing."""
        return fill(FALLBACK_NOTE, {"language": self.own_name}) if self.is_fallback else ""

    def say(self, text: str, /, **values: Any) -> str:
        """Return the translation of an English text, its placeholders filled.

        Numbers and dates are written as the reader writes them, texts of keys that end in `_on` are days; values of
        keys that end in `_label` or `_name` are words of the catalogue and are translated themselves; those of keys
        that end in `reading` are numbers with a decimal point, which stay without signs for thousands.
        Errors: `KeyError` for a placeholder without a value.
        """
        return fill(self._texts.one(text), {name: self._shown(name, value) for name, value in values.items()})

    def say_count(self, one: str, many: str, count: int, /, **values: Any) -> str:
        """Return the translation of a sentence about `{count}` things, in the language's own plural form."""
        values = {"count": count} | values
        text = self._texts.counted(one, many, count)
        return fill(text, {name: self._shown(name, value) for name, value in values.items()})

    def word(self, text: str) -> str:
        """Return a word of the catalogue in the language: the label of a code, the name of an indicator or country."""
        if text in self._texts.texts:
            return self._texts.one(text)
        return self._country_names.get(text, text)

    def number(self, x: float) -> str:
        """Return a number as the reader writes it: digits in groups, at most four decimals, no trailing zeros."""
        digits = f"{x:,.{MOST_DECIMALS}f}".rstrip("0").rstrip(".")
        return ("0" if digits == "-0" else digits).translate(self._number_signs)

    def fixed(self, x: float, decimals: int) -> str:
        """Return a figure with so many decimals: digits in groups, a true minus sign, never minus zero."""
        text = f"{x:,.{decimals}f}"
        if text[0] == "-":
            text = text[1:] if not text.strip("-0.,") else MINUS + text[1:]
        return text.translate(self._number_signs)

    def percent(self, x: float, decimals: int = 0) -> str:
        """Return a figure in percent with its sign, apart from it as the language wants it."""
        return f"{self.fixed(x, decimals)}{self._percent_gap}%"

    def is_translated(self, text: str) -> bool:
        """Say whether a text has a translation, which English does not need."""
        return self.code == SOURCE_CODE or text in self._texts.texts or text in self._country_names

    def day(self, day: date) -> str:
        """Return a day with its year, as the language of the text writes it."""
        from babel.dates import format_date

        return str(format_date(day, format="medium", locale=LOCALES.get(self.text_code, self.text_code)))

    def moment(self, moment: datetime) -> str:
        """Return a moment, given in UTC, to the minute."""
        return f"{self.day(moment.date())}, {moment:%H:%M} UTC"

    def _shown(self, name: str, value: Any) -> str:
        if isinstance(value, str) and name.endswith(DAY_ENDING):
            return self._day_or_text(value)
        if isinstance(value, str) and name.endswith(READING_ENDING):
            return value.translate(self._number_signs)
        if isinstance(value, str):
            return self.word(value) if name.endswith(TRANSLATED_ENDINGS) else value
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, int | float):
            return self.number(value)
        return "" if value is None else str(value)

    def _day_or_text(self, text: str) -> str:
        try:
            return self.day(date.fromisoformat(text))
        except ValueError:
            return text

    @cached_property
    def _translation(self) -> Catalogue | None:
        return catalogue_of(self.code)

    @cached_property
    def _texts(self) -> Catalogue:
        return self._translation or Catalogue()

    @cached_property
    def _number_signs(self) -> dict[int, str]:
        """CLDR's signs; written with them by hand, because Babel needs a second for twenty thousand numbers."""
        group, decimal = number_signs()[self.code]
        return str.maketrans({",": group, ".": decimal})

    @cached_property
    def _percent_gap(self) -> str:
        from babel import Locale

        pattern = str(Locale.parse(self.code).percent_formats[None].pattern)
        return PERCENT_GAPS.get(self.code, pattern.rpartition("0")[2].removesuffix("%"))

    @cached_property
    def _country_names(self) -> dict[str, str]:
        if self.text_code == SOURCE_CODE:
            return {}
        from babel import Locale

        names = Locale.parse(self.code).territories
        return {row["country_name"]: names[row["iso2_code"]] for row in rows("countries")}
