"""The codes that a sender may use in each column, read from the catalogue's code lists."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from ingestion.catalogue import columns_of_kind, rows
from ingestion.languages import language_for, translated_languages

# What a block is: the rows of one indicator for a country, a period and a site. Its strata divide it.
BLOCK_COLUMNS = ("INDICATOR", "REF_AREA", "TIME_PERIOD", "SITE")
REGION_COLUMNS = ("REF_AREA", "NUTS2")  # a region belongs to a country
UNKNOWN_CODE = "UNK"
STATUS_COLUMN = "OBS_STATUS"
REFUSED = "refused"  # how a code of confidentiality is handled
SDMX_TOTAL = "_t"  # in small letters; CL_SEX and others of https://registry.sdmx.org/
NAMING_COLUMNS = ("label", "_name", "iso2_code", "iso3_code")  # of a code list, by their endings
NAME_SIGN = " / "  # between the names of a country with several languages
AGE_CODE = re.compile(r"Y(?P<bound>_GE|_LT)?(?P<years>[0-9]+(?:-[0-9]+)?)")
PAIR_SIGNS = ("", "+", "/", "&")
OLDEST = 150  # years
AGE_NAMES = {"_GE": ("{}+", ">={}", "≥{}"), "_LT": ("<{}",), None: ("{}",)}


@cache
def code_lists() -> dict[str, str]:
    """Return {column: code list} for every column of the format that has one."""
    return {row["column_name"]: row["code_list"] for row in rows("submission_columns") if row["code_list"]}


@cache
def stratum_columns() -> tuple[str, ...]:
    """Return the columns whose codes together name a stratum."""
    return tuple(row["dimension_code"] for row in stratum_dimensions())


@cache
def ordered_columns() -> set[str]:
    """Return the columns whose groups have an order, as from the lowest income to the highest."""
    return {row["dimension_code"] for row in stratum_dimensions() if row["is_ordered"] == "true"}


@cache
def code_column(code_list: str) -> str:
    """Return the column that holds the codes of a list: the first one of its table."""
    return next(iter(rows(code_list)[0]))


@cache
def codes(column: str) -> tuple[str, ...]:
    """Return the codes of a column, in the order of their list; none for a column without a list."""
    code_list = code_lists().get(column)
    return tuple(row[code_column(code_list)] for row in rows(code_list)) if code_list else ()


@cache
def refused_codes(column: str) -> set[str]:
    """Return the codes of a list that no sender may use: they are never proposed."""
    code_list = code_lists().get(column)
    found = rows(code_list) if code_list else []
    return {row[code_column(code_list or "")] for row in found if row.get("handling") == REFUSED}


@cache
def narrower_codes(column: str) -> set[str]:
    """Return the codes that are a part of another one, which is not the total."""
    code_list = code_lists().get(column)
    wide = {None, "", total_codes().get(column)}
    found = rows(code_list) if code_list else []
    return {row[code_column(code_list or "")] for row in found if row.get("parent_code") not in wide}


@cache
def region_codes(country_code: str) -> tuple[str, ...]:
    """Return the codes of the regions of a country."""
    return tuple(row["code"] for row in rows("codes_nuts2") if row["country_code"] == country_code)


@cache
def names_of_older_regions() -> set[str]:
    """Return the names, in small letters, of regions that were cut otherwise in an older version of NUTS."""
    changed = [row for row in rows("nuts2_changes") if row["is_same_area"] == "false"]
    return {row["label"].partition(";")[0].casefold() for row in changed}


@cache
def code_spellings(column: str) -> dict[str, str]:
    """Return {code in small letters: code}, so that capital and small letters do not matter; _T is every total."""
    total = {SDMX_TOTAL: total_codes()[column]} if column in total_codes() else {}
    return total | {code.casefold(): code for code in codes(column)}


@cache
def code_names(column: str) -> dict[str, set[str]]:
    """Return {what senders write for a code, in small letters: the codes that it may mean}."""
    code_list = code_lists().get(column)
    names = [(word, total_codes()[column]) for word in total_words()] if column in total_codes() else []
    for row in rows(code_list) if code_list else ():
        code = row[code_column(code_list or "")]
        names += [(name, code) for name in (*_labels(row), *_age_names(code))]
    names += [(name, total_codes()[column]) for name in _both_sexes()] if column == "SEX" else []
    names += [(row["synonym"], row["code"]) for row in rows("code_synonyms") if row["column_name"] == column]
    return _meanings(names)


@cache
def translated_names(column: str) -> dict[str, set[str]]:
    """Return {name of a code in any of our languages, in small letters: the codes it may mean}.

    To read all translations takes longer than to check a small file: ask only for what `code_names` does not know.
    """
    code_list = code_lists().get(column)
    languages = [language_for(code) for code in translated_languages()]
    return _meanings(
        (language.word(label), row[code_column(code_list or "")])
        for row in (rows(code_list) if code_list else ())
        for label in _labels(row)
        for language in languages
    )


def _meanings(names: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    meanings: dict[str, set[str]] = {}
    for name, code in names:
        meanings.setdefault(name.casefold(), set()).add(code)
    return meanings


def _labels(row: dict[str, str]) -> list[str]:
    texts = [text for key, text in row.items() if key.endswith(NAMING_COLUMNS)]
    return [name for text in texts for name in text.split(NAME_SIGN) if name]


def _both_sexes() -> Iterator[str]:
    """Yield what people write for men and women together: HM, M+F, w/m."""
    pairs = {(row["male_letter"], row["female_letter"]) for row in rows("sex_letters")} | {("M", "F")}
    for first, second in pairs:
        if first.isalpha():  # 12 may be anything
            yield from (sign.join(pair) for sign in PAIR_SIGNS for pair in ((first, second), (second, first)))


def _age_names(code: str) -> list[str]:
    """Return what people write for the code of an age class; nothing for any other code."""
    found = AGE_CODE.fullmatch(code)
    return [name.format(found["years"]) for name in AGE_NAMES[found["bound"]]] if found else []


@cache
def ages_of(code: str) -> frozenset[int]:
    """Return the years of age that a class holds; none for what is no class."""
    found = AGE_CODE.fullmatch(code)
    if not found:
        return frozenset()
    first, _, last = found["years"].partition("-")
    bounds = {"_LT": (0, int(first)), "_GE": (int(first), OLDEST), None: (int(first), int(last or first) + 1)}
    return frozenset(range(*bounds[found["bound"]]))


@cache
def total_words() -> tuple[str, ...]:
    """Return the words for a total in all languages, in small letters."""
    return tuple(row["word"].casefold() for row in rows("total_words"))


@cache
def periodicity_of(indicator: str) -> str:
    """Return the periodicity of an indicator, empty for an unknown one."""
    return {row["indicator_code"]: row["periodicity_code"] for row in rows("indicators")}.get(indicator, "")


@cache
def is_yes_or_no(indicator: str) -> bool:
    """Say whether the answer of an indicator is yes or no, which is written 1 or 0."""
    code = code_spellings("INDICATOR").get(indicator.casefold())
    return any(row["indicator_code"] == code and row["measure_type_code"] == "BIN" for row in rows("indicators"))


@cache
def is_yes_or_no_letter(text: str) -> bool:
    """Say whether a text is the letter for yes or for no in some language."""
    return any(text.upper() in (row["yes_letter"], row["no_letter"]) for row in rows("yes_no_letters"))


@cache
def eurostat_flags() -> dict[str, str]:
    """Return {flag of Eurostat: the status that it stands for, empty if there is none}."""
    return {row["code"]: row["obs_status"] for row in rows("eurostat_flags")}


@cache
def doubtful_flags() -> frozenset[str]:
    """Return the small letters that Eurostat uses for another status than the one of the same capital letter.

    Its s is an estimate, our S a strike.
    """
    statuses = codes(STATUS_COLUMN)
    return frozenset(
        flag
        for flag, status in eurostat_flags().items()
        if status and flag.upper() in statuses and status != flag.upper()
    )


@cache
def says_no_figure(status: str) -> bool:
    """Say whether a text in OBS_STATUS is a code of a row that holds no figure, such as L."""
    without = {row["code"] for row in rows("codes_obs_status") if row["value_rule"] == "empty"}
    return status not in doubtful_flags() and status.upper() in without


def stratum_dimensions() -> list[dict[str, str]]:
    """Return the dimensions by which a figure may be broken down."""
    return [row for row in rows("dimensions") if row["is_stratum"] == "true"]


def total_codes() -> dict[str, str]:
    """Return {dimension: the code of its total}."""
    return {row["dimension_code"]: row["total_code"] for row in rows("dimensions")}


def number_names() -> list[str]:
    """Return the columns of the format that hold numbers."""
    return list(columns_of_kind("number"))
