"""The page of methods: each measure with what it says, how it is computed, and when it is not."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

from dashboards.speech import say, word
from ingestion.languages import phrase

MEASURES_FILE = Path(__file__).resolve().parent.parent / "measures.csv"
FAMILIES = {
    "estimates": phrase("Figures and their intervals"),
    "inequality": phrase("Measures of inequality within a country"),
    "comparisons": phrase("Comparisons between countries, convergence and trends"),
}
NAME = re.compile("[A-Za-zΑ-ω][a-z_0-9]*")  # a letter of a formula, or a longer name
# family: {name in its formulas: what it stands for}; other measures stand for themselves.
LETTERS = {
    "estimates": {
        "x": phrase("counted cases, the numerator"),
        "n": phrase("all who could be counted, the denominator"),
        "Σ": phrase("sum over the age bands"),
        "w": phrase("people of an age band in the European Standard Population, which has 100 000"),
    },
    "inequality": {
        "y": phrase("value of a group"),
        "y1": phrase("value of the first of two groups"),
        "y2": phrase("value of the second"),
        "y_ref": phrase("value of the reference group"),
        "y_best": phrase("value of the best group"),
        "Σ": phrase("sum over the groups"),
        "p": phrase("share of a group in the population"),
        "r": phrase("middle of a group’s share, from the most disadvantaged (0) to the most advantaged (1)"),
        "μ": phrase("mean of the groups, weighted by p"),
        "k": phrase("end of the scale: 100 for percentages"),
        "π": phrase("logistic curve over r, fitted by the two equations"),
        "t": "y / k",
        "a": phrase("lower bound of the indicator"),
        "b": phrase("upper bound of the indicator"),
        "J": phrase("number of groups"),
        "ρ": "y / μ",
        "ln": phrase("natural logarithm"),
    },
    "comparisons": {
        "x": phrase("counted cases of a country"),
        "n": phrase("denominator of a country"),
        "k": phrase("100 for percentages, 100 000 for rates"),
        "y": phrase("value of a country"),
        "y_best": phrase("value of the best country"),
        "Σ": phrase("sum over the countries"),
        "E": phrase("EU value"),
        "τ": phrase("target"),
        "b": phrase("countries surely better"),
        "w": phrase("countries surely worse"),
        "K": phrase("number of countries with a rank"),
        "P": phrase("EU value, as a share"),
        "z": phrase("1.96 for the limits of 95 %, 3.09 for those of 99.8 %"),
        "s": phrase("standard error of a country’s value"),
        "se": phrase("standard error of the change"),
        "N": phrase("number of countries"),
        "μ": phrase("mean of the countries, each counting the same"),
        "i": phrase("place of a country, from the lowest value (1) to the highest"),
        "p": phrase("share of a country in the population"),
        "m": phrase("share of the population up to the middle of a country, in the order of y"),
        "α": phrase("constant of the line"),
        "β": phrase("slope of the line"),
        "t": phrase("a period; 0 is the one it is compared with, or the first"),
        "T": phrase("the last period; 0 is the first"),
        "h": phrase("years from the first to the last period"),
        "S": phrase("sum of a country’s ranks in all periods"),
        "M": phrase("number of periods"),
        "R": phrase("rank of a country in the first period"),
        "var": phrase("variance over the countries"),
        "ln": phrase("natural logarithm"),
    },
}


@cache
def measures() -> list[dict[str, str]]:
    """Return the measures, in the order of their file."""
    with MEASURES_FILE.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def context() -> dict[str, Any]:
    """Return what the page of methods shows."""
    return {
        "families": [
            (code, say(name), [_in_words(row) for row in measures() if row["family"] == code])
            for code, name in FAMILIES.items()
        ]
    }


def _in_words(row: dict[str, str]) -> dict[str, Any]:
    translated = ("measure_name", "meaning", "formula_note", "undefined_when")
    return row | {column: word(row[column]) for column in translated} | {"letters": letters_of(row)}


def letters_of(row: dict[str, str]) -> list[tuple[str, str]]:
    """Return each name in the formula of a measure, with what it stands for."""
    known = {each["measure"]: each["measure_name"] for each in measures()} | LETTERS[row["family"]]
    return [(name, word(known[name])) for name in dict.fromkeys(NAME.findall(row["formula"]))]
