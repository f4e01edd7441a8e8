"""The codes that a sender may use in each column, read from the catalogue's code lists."""

import re
from functools import cache

from ingestion.catalogue import rows

# What a block is: the rows of one indicator for a country, a period and a site. Its strata divide it.
BLOCK_COLUMNS = ("INDICATOR", "REF_AREA", "TIME_PERIOD", "SITE")
REGION_COLUMNS = ("REF_AREA", "NUTS2")  # a region belongs to a country
UNKNOWN_CODE = "UNK"
SDMX_TOTAL = "_t"  # in small letters; CL_SEX and others of https://registry.sdmx.org/
NAMING_COLUMNS = ("label", "_name", "iso2_code", "iso3_code")  # of a code list, by their endings
AGE_CODE = re.compile(r"Y(?P<bound>_GE|_LT)?(?P<years>[0-9]+(?:-[0-9]+)?)")
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
def code_column(code_list: str) -> str:
    """Return the column that holds the codes of a list: the first one of its table."""
    return next(iter(rows(code_list)[0]))


@cache
def codes(column: str) -> tuple[str, ...]:
    """Return the codes of a column, in the order of their list; none for a column without a list."""
    code_list = code_lists().get(column)
    return tuple(row[code_column(code_list)] for row in rows(code_list)) if code_list else ()


@cache
def code_spellings(column: str) -> dict[str, str]:
    """Return {code in small letters: code}, so that capital and small letters do not matter."""
    return {code.casefold(): code for code in codes(column)}


@cache
def code_names(column: str) -> dict[str, str]:
    """Return {name or other code in small letters: code}: what senders write where the code belongs."""
    code_list = code_lists().get(column)
    names = dict.fromkeys((SDMX_TOTAL, *total_words()), total_codes()[column]) if column in total_codes() else {}
    for row in rows(code_list) if code_list else ():
        code = row[code_column(code_list or "")]
        texts = [text for key, text in row.items() if key.endswith(NAMING_COLUMNS) and text]
        for text in [*texts, *_age_names(code)]:
            names.setdefault(text.casefold(), code)
    synonyms = {row["synonym"].casefold(): row["code"] for row in rows("code_synonyms") if row["column_name"] == column}
    return synonyms | names


def _age_names(code: str) -> list[str]:
    """Return what people write for the code of an age class; nothing for any other code."""
    found = AGE_CODE.fullmatch(code)
    return [name.format(found["years"]) for name in AGE_NAMES[found["bound"]]] if found else []


@cache
def total_words() -> tuple[str, ...]:
    """Return the words for a total in all languages, in small letters."""
    return tuple(row["word"].casefold() for row in rows("total_words"))


@cache
def multiplier_words() -> tuple[str, ...]:
    """Return the words for thousands and millions in all languages, in small letters."""
    return tuple(row["word"].casefold() for row in rows("multiplier_words"))


@cache
def periodicity_of(indicator: str) -> str:
    """Return the periodicity of an indicator, empty for an unknown one."""
    return {row["indicator_code"]: row["periodicity_code"] for row in rows("indicators")}.get(indicator, "")


def stratum_dimensions() -> list[dict[str, str]]:
    """Return the dimensions by which a figure may be broken down."""
    return [row for row in rows("dimensions") if row["is_stratum"] == "true"]


def total_codes() -> dict[str, str]:
    """Return {dimension: the code of its total}."""
    return {row["dimension_code"]: row["total_code"] for row in rows("dimensions")}


def number_names() -> list[str]:
    """Return the columns of the format that hold numbers."""
    return [row["column_name"] for row in rows("submission_columns") if row["column_kind"] == "number"]


def count_names() -> set[str]:
    """Return the columns of the format that hold counts."""
    return {row["column_name"] for row in rows("measure_columns") if row["is_count"] == "true"}
