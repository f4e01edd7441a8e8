"""A release in another language: the same figures, with the names of the catalogue in the language that is spoken."""

from dataclasses import replace

from dashboards.figures import Dimension, Release, Series
from dashboards.marts import Country, Indicator, Theme
from dashboards.speech import word
from dashboards.words import short


def in_spoken_language(release: Release) -> Release:
    """Return the release with translated names; countries keep their order, rows of figures are shared."""
    indicators = {code: _indicator(held[0].indicator) for code, held in release.series.items()}
    return replace(
        release,
        round=release.round | {"name": word(release.round["name"])},
        countries={code: _country(each) for code, each in release.countries.items()},
        themes=[_theme(each) for each in release.themes],
        series={code: [_series(each, indicators[code]) for each in held] for code, held in release.series.items()},
        dimensions={code: _dimension(each) for code, each in release.dimensions.items()},
        flags={code: word(label) for code, label in release.flags.items()},
        findings=[each._replace(title=word(each.title)) for each in release.findings],
    )


def _country(country: Country) -> Country:
    return country._replace(country_name=word(country.country_name))


def _theme(theme: Theme) -> Theme:
    return theme._replace(theme_name=word(theme.theme_name), theme_description=word(theme.theme_description))


def _indicator(indicator: Indicator) -> Indicator:
    return indicator._replace(
        indicator_name=word(indicator.indicator_name),
        definition=word(indicator.definition),
        measure_type_name=word(indicator.measure_type_name),
        numerator_definition=_word_or_none(indicator.numerator_definition),
        denominator_definition=_word_or_none(indicator.denominator_definition),
        periodicity_name=word(indicator.periodicity_name),
        data_holder=word(indicator.data_holder),
        benchmark=_word_or_none(indicator.benchmark),
        benchmark_note=_word_or_none(indicator.benchmark_note),
    )


def _word_or_none(text: str | None) -> str | None:
    return word(text) if text else text


def _series(series: Series, indicator: Indicator) -> Series:
    return replace(series, indicator=indicator, site_label=_word_or_none(series.site_label))


def _dimension(dimension: Dimension) -> Dimension:
    return replace(
        dimension,
        name=word(dimension.name),
        groups={code: short(word(label)) for code, label in dimension.groups.items()},
    )
