"""The words and numbers that readers see: one way to write each, everywhere.

A figure that may not be shown never becomes a number here, whatever the row holds.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

THOUSANDS = "\u202f"  # narrow no-break space
MINUS = "\u2212"
NOTHING = "–"  # nothing is expected here
SHOWN = frozenset({"published", "low_reliability"})
PLAIN_OBS_STATUS = "A"
LOW_RELIABILITY_FLAG = "u"

# publication_status: (what stands in the place of the number, what it means)
HIDDEN_WORDS = {
    "suppressed": ("s", "hidden, so that no person can be recognised"),
    "not_reported": ("not reported", "expected, and not there"),
    "not_applicable": ("not applicable", "cannot exist for this country or group"),
}
# null_reason of a gap: why no gap is shown
GAP_WORDS = {
    "suppressed_group": ("s", "one of the groups is hidden"),
    "missing_group": ("group missing", "one of the groups was not reported"),
    "single_region": ("not applicable", "the country has one region"),
    "not_applicable": ("not applicable", "cannot exist for this country or site"),
    "zero_denominator": ("not defined", "the group to divide by stands at zero"),
    "low_reliability_group": ("low reliability", "one of the groups is too small"),
    "too_many_unknown": ("many unknown", "for too many cases the group is unknown"),
}
NO_CHANGE = "not assessed"
NO_GAP = ("not shown", "the groups cannot be compared")

UNIT_WORDS = {"percent": "%", "0/1": "yes or no", "count": "cases"}
EU = "EU value"
MIDDLE_COUNTRY = "middle country"
POINTS_OF_PERCENT = "percentage points"
YES_OR_NO_WORDS = {
    "higher_better": "yes is better",
    "lower_better": "no is better",
    "neutral": "neither yes nor no is better",
}
DIRECTION_WORDS = {
    "higher_better": "higher is better",
    "lower_better": "lower is better",
    "neutral": "neither high nor low is better",
}


class Figure(NamedTuple):
    """One figure as a cell shows it. `meaning` explains a word that stands in the place of a number."""

    text: str
    is_number: bool
    interval: str = ""
    flags: str = ""
    meaning: str = ""
    is_low_reliability: bool = False
    unit: str = ""

    def __html__(self) -> str:
        """Return the figure as it stands in a page."""
        if not self.is_number:
            return f'<span class="word" title="{escape(self.meaning)}">{escape(self.text)}</span>'
        text = f"<i>{self.text}</i>" if self.is_low_reliability else self.text
        unit = f" {escape(self.unit)}" if self.unit else ""
        flags = f"<sup>{escape(self.flags)}</sup>" if self.flags else ""
        return f"{text}{unit}{flags}"

    @property
    def plain(self) -> str:
        """The figure as text without marks: the number with its letters, or the word."""
        return f"{self.text} {self.flags}" if self.flags and self.is_number else self.text

    @property
    def with_interval(self) -> Markup:
        """Return the figure with its interval below it."""
        interval = f'<small class="interval">{self.interval}</small>' if self.interval else ""
        return Markup(self.__html__() + interval)


EXPECTED_NOWHERE = Figure(NOTHING, is_number=False, meaning="nothing is expected here")
ONE_GROUP = Figure("not applicable", is_number=False, meaning="the country has one region")
NO_GROUPS = Figure(NOTHING, is_number=False, meaning="no figures by these groups")


def decimals_for(values: Iterable[float]) -> int:
    """Return how many decimals a series is written with: as many as it has, at most one (two if all are below 10)."""
    magnitudes = [abs(value) for value in values]
    most = 2 if max(magnitudes, default=0.0) < 10 else 1
    return next((places for places in range(most) if _are_exact(magnitudes, places)), most)


def _are_exact(values: list[float], places: int) -> bool:
    return all(abs(value - round(value, places)) < 1e-9 for value in values)


@lru_cache(maxsize=2**16)
def number(value: float, decimals: int = 0) -> str:
    """Return a number for readers: thousands apart, a true minus sign, never minus zero."""
    text = f"{value:,.{decimals}f}"
    if text.startswith("-"):
        text = text[1:] if not text.strip("-0.,") else MINUS + text[1:]
    return text.replace(",", THOUSANDS)


def interval(lower: float | None, upper: float | None, decimals: int) -> str:
    """Return an interval in words, or nothing where there is none."""
    if lower is None or upper is None:
        return ""
    return f"{number(lower, decimals)} to {number(upper, decimals)}"


def is_shown(publication_status: str, value: float | None) -> bool:
    """Say whether a value may be written as a number."""
    return publication_status in SHOWN and value is not None


@lru_cache(maxsize=2**16)
def figure(
    publication_status: str,
    value: float | None,
    *,
    decimals: int,
    limits: tuple[float | None, float | None] = (None, None),
    obs_status: str | None = None,
    is_binary: bool = False,
) -> Figure:
    """Return the figure of an estimate; limits are those of its 95 % interval."""
    if value is None or not is_shown(publication_status, value):
        text, meaning = HIDDEN_WORDS.get(publication_status, HIDDEN_WORDS["not_reported"])
        return Figure(text, is_number=False, meaning=meaning)
    is_low = publication_status == "low_reliability"
    text = ("yes" if value else "no") if is_binary else number(value, decimals)
    return Figure(
        text,
        is_number=True,
        interval=interval(*limits, decimals),
        flags=_flags(obs_status, is_low=is_low),
        is_low_reliability=is_low,
    )


def gap_figure(
    estimate: float | None, limits: tuple[float | None, float | None], reason: str | None, decimals: int
) -> Figure:
    """Return the figure of a difference or ratio between two groups, or why there is none."""
    if estimate is None or reason:
        text, meaning = GAP_WORDS.get(reason or "", NO_GAP)
        return Figure(text, is_number=False, meaning=meaning)
    return Figure(number(estimate, decimals), is_number=True, interval=interval(*limits, decimals))


def _flags(obs_status: str | None, *, is_low: bool) -> str:
    marked = obs_status.lower() if obs_status and obs_status != PLAIN_OBS_STATUS else ""
    return marked if not is_low or LOW_RELIABILITY_FLAG in marked else marked + LOW_RELIABILITY_FLAG


def unit(name: str) -> str:
    """Return the unit of an indicator for readers."""
    return UNIT_WORDS.get(name, name)


def gap_unit(name: str) -> str:
    """Return the unit of a difference between two values of an indicator."""
    return POINTS_OF_PERCENT if name == "percent" else unit(name)


def direction(code: str, *, is_binary: bool = False) -> str:
    """Return the sentence part that says which way is better."""
    return (YES_OR_NO_WORDS if is_binary else DIRECTION_WORDS).get(code, code)


CHANGE_WORDS = {
    "improving": "improved",
    "worsening": "worsened",
    "no_clear_change": "no clear change",
    "not_assessed": "not assessed",
}
FUNNEL_WORDS = {
    "within": "within the limits",
    "below_95": "below the 95 % limit",
    "below_998": "below the 99.8 % limit",
    "above_95": "above the 95 % limit",
    "above_998": "above the 99.8 % limit",
    "not_assessed": "",
}
RAMP_WORDS = {
    True: "darker is better (higher)",
    False: "darker is better (lower)",
    None: "darker is higher; neither is better",
}


def short(label: str) -> str:
    """Return a label without a closing bracket of codes: `Lung cancer (C33-C34)` is lung cancer to a reader."""
    before, bracket, inside = label.partition(" (")
    return before if bracket and inside.endswith(")") and any(map(str.isdigit, inside)) else label


def observed(value: object) -> str:
    """Return what an expectation saw, as short as it can be said."""
    if value is None or value == "None":
        return ""
    try:
        seen = float(str(value))
    except ValueError:
        return str(value)
    return number(seen, 0 if seen.is_integer() else 3)


def size(byte_count: int) -> str:
    """Return the size of a file for readers."""
    if byte_count >= 1_000_000:
        return f"{byte_count / 1_000_000:.1f} MB"
    return f"{max(1, round(byte_count / 1_000))} kB"


def count_of(count: int, one: str, many: str) -> str:
    """Return a count with its noun."""
    return f"{number(count)} {one if count == 1 else many}"


def listed(texts: Iterable[str]) -> str:
    """Return words as a list in a sentence: a, b and c."""
    *before, last = [*texts] or [""]
    return f"{', '.join(before)} and {last}" if before else last


def capital(sentence: str) -> str:
    """Return a sentence that begins with a capital letter."""
    return sentence[:1].upper() + sentence[1:]


def table_rows(rows: Iterable[Sequence[object]]) -> Markup:
    """Return the rows of a table, each with its head first: figures stand right, what is empty stays empty."""
    return Markup("\n".join(f'<tr><th scope="row">{escape(head)}</th>{_cells(cells)}</tr>' for head, *cells in rows))


def _cells(contents: Sequence[object]) -> str:
    return "".join(_figure_cell(each) if isinstance(each, Figure) else f"<td>{escape(each)}</td>" for each in contents)


@lru_cache(maxsize=2**16)
def _figure_cell(content: Figure) -> str:
    return f'<td class="n">{content.__html__()}</td>'
