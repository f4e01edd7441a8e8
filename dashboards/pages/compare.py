"""Compare: every indicator by every country, in one word and one figure."""

from typing import Any

from dashboards import words
from dashboards.figures import Release, Series
from dashboards.pages import parts
from dashboards.speech import say

SIGNS = {"better": "▲", "worse": "▼", "similar": "●", "": ""}


def context(release: Release) -> dict[str, Any]:
    """Return what the page shows: a row for each headline series, a cell for each country."""
    return {
        "themes": [
            {"theme": theme, "rows": [_row(release, series) for series in headlines]}
            for theme in release.themes
            if (headlines := release.headlines_of(theme))
        ],
        "signs": SIGNS,
    }


def _row(release: Release, series: Series) -> dict[str, Any]:
    return {
        "series": series,
        "line": parts.row_line(series, parts.unit_line(series.indicator)),
        "mark": parts.mark(parts.synthetic_word(series.summary)),
        "cells": [(each.country_name, _cell(series, code)) for code, each in release.countries.items()],
    }


def _cell(series: Series, country_code: str) -> dict[str, Any]:
    figure = parts.figure_of(series, series.estimate(country_code))
    standing = parts.standing_of(series, country_code)
    return {
        "text": figure.plain if figure.is_number else figure.short,
        "standing": standing,
        "standing_words": say(words.STANDING_WORDS[standing]),
        "is_number": figure.is_number,
    }
