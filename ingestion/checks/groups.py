"""Which group of a dimension a text names, as titles, headings and columns of the sender do."""

import re
from functools import cache

from ingestion.catalogue import rows
from ingestion.checks.code_meanings import COUNTRY_COLUMN, REGION_COLUMN, codes_in_words
from ingestion.checks.vocabulary import UNKNOWN_CODE, code_names, code_spellings, stratum_columns, total_codes

WORD = re.compile(r"[^\W\d_]+")
ENGLISH = "en"
SEX_COLUMN = "SEX"
GROUPED_COLUMNS = (*stratum_columns(), "SITE")


@cache
def codes_named(column: str, text: str, country_code: str, *, in_all_ways: bool) -> set[str]:
    """Return the codes of a column that a text may mean, the total among them.

    A code, its name and a usual word for it are known at once. In all ways means as for proposals: in every language,
    with the bounds of an age in words and with a code before its name.
    """
    # A region may be called like its country, of which it is the whole.
    if column == REGION_COLUMN and text.casefold() in code_names(COUNTRY_COLUMN):
        return set()
    spelt = code_spellings(column).get(text.casefold())
    if meant := {spelt} if spelt else code_names(column).get(text.casefold()):
        return meant
    if column == SEX_COLUMN and (meant := sexes_in(text, country_code)):
        return meant
    return codes_in_words(column, text, country_code) if in_all_ways else set()


def is_group(dimension: str, meant: set[str]) -> bool:
    """Say whether codes are those of groups, and not of the total or of people of whom nothing is known."""
    return bool(meant) and meant.isdisjoint({total_codes()[dimension], UNKNOWN_CODE})


def sexes_in(text: str, country_code: str) -> set[str]:
    """Return the sex that a text speaks of in a language of its country or in English; none if it speaks of both."""
    words = _words_for_sexes(country_code)
    sexes = {words[word] for word in WORD.findall(text.casefold()) if word in words}
    return sexes if len(sexes) == 1 else set()


@cache
def _words_for_sexes(country_code: str) -> dict[str, str]:
    """Return {word: code} of the sexes, in small letters; a word of one language may mean something in another."""
    countries = {row["country_code"]: row["languages"].split("|") for row in rows("countries")}
    spoken = {ENGLISH, *countries.get(country_code, ())}
    synonyms = [row for row in rows("code_synonyms") if row["column_name"] == SEX_COLUMN and row["language"] in spoken]
    return {row["synonym"].casefold(): row["code"] for row in synonyms if row["code"] != total_codes()[SEX_COLUMN]}
