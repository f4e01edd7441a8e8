"""What a template says about each column and indicator, taken from the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from ingestion.catalogue import columns_of_kind, rows
from ingestion.languages import Language
from ingestion.templates.grid import UNKNOWN, Asked, ExpectedFigure, asked_indicators, expected_figures

COLUMNS = tuple(row["column_name"] for row in rows("submission_columns"))
NUMBERS = columns_of_kind("number")
CODE_LISTS = {row["column_name"]: row["code_list"] for row in rows("submission_columns") if row["code_list"]}
# Its labels are names of places, alike in every language.
PLACES = "NUTS2"
MEANING_SIGN = " · "  # between the parts of what a row is about


@dataclass(frozen=True)
class Contents:
    """Everything that stands in one template: what is asked, in whose words, what was last accepted, and the address
    of the portal, if it is known.
    """

    asked: Asked
    words: Language
    references: Mapping[ExpectedFigure, Mapping[str, Any]] = field(default_factory=dict)
    portal: str = ""

    @cached_property
    def figures(self) -> list[ExpectedFigure]:
        """The rows of the template: of each indicator those that are asked for, then those that were sent besides."""
        figures = dict.fromkeys([*expected_figures(self.asked), *self.references])
        order = {code: place for place, code in enumerate(self.indicators)}
        return sorted(figures, key=lambda figure: order[figure.indicator_code])

    @cached_property
    def indicators(self) -> dict[str, dict[str, str]]:
        """{indicator: its row of the catalogue} of those in the template."""
        return {row["indicator_code"]: row for row in asked_indicators(self.asked.theme_code)}

    @cached_property
    def reference_columns(self) -> list[dict[str, str]]:
        """The columns beside those of the format, without those that nothing was accepted for."""
        accepted = {name for row in self.references.values() for name in row}
        return [row for row in rows("template_columns") if row["reference_column"] in accepted | {""}]


def meaning_of(figure: ExpectedFigure, words: Language) -> str:
    """Return what a row is about, the narrowest first: its groups, the site and the indicator by their names."""
    parts = [_group_name(*group, words) for group in figure.groups] or [words.say("Total")]
    if figure.site_code:
        parts.append(_short(words.word(labels("codes_site")[figure.site_code])))
    return MEANING_SIGN.join([*parts, words.word(indicator_names()[figure.indicator_code])])


@cache
def indicator_names() -> dict[str, str]:
    """Return {indicator: its name}."""
    return {row["indicator_code"]: row["indicator_name"] for row in rows("indicators")}


def _group_name(dimension_code: str, group_code: str, words: Language) -> str:
    name = code_name(dimension_code, group_code, words)
    return name if dimension_code == PLACES else _short(name)


def code_name(column: str, code: str, words: Language) -> str:
    """Return the name of a code in the reader's language; a place has the same in all."""
    label = labels(CODE_LISTS[column])[code]
    return label if column == PLACES and code != UNKNOWN else words.word(label)


def _short(label: str) -> str:
    """Return a label without the remark in brackets that ends it."""
    return label.split(" (")[0]


@cache
def labels(code_list: str) -> dict[str, str]:
    """Return {code: label} of a code list, in its order."""
    return {row["code"]: row["label"] for row in rows(code_list)}


@cache
def entry_kind(indicator_code: str, column: str) -> str:
    """Return what a cell of an indicator's row is: `entry` (asked for), `open` (may be filled) or `closed`.

    Where official statistics publish the value alone, the value is asked for as the counts are: one of the two.
    """
    indicator = next(row for row in rows("indicators") if row["indicator_code"] == indicator_code)
    used = {
        row["column_name"]: row["is_required"] == "true"
        for row in rows("measure_columns")
        if row["measure_type_code"] == indicator["measure_type_code"]
    }
    if column not in used:
        return "closed" if column in NUMBERS else "open"
    is_alternative = column == "OBS_VALUE" and indicator["allows_published_value"] == "true"
    return "entry" if used[column] or is_alternative else "open"
