"""The words and numbers that readers see: one way to write each, everywhere, in the language that is spoken.

A figure that may not be shown never becomes a number here, whatever the row holds.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

from dashboards.drafting import later
from dashboards.speech import say, spoken, word
from ingestion.languages import phrase

NOTHING = "–"  # nothing is expected here
SHOWN = frozenset({"published", "low_reliability"})
PLAIN_OBS_STATUS = "A"
LOW_RELIABILITY_FLAG = "u"
HIDDEN = "s"

# publication_status: what stands in the place of the number
HIDDEN_WORDS = {
    "suppressed": HIDDEN,
    "not_reported": phrase("not reported"),
    "not_applicable": phrase("not applicable"),
}
# null_reason of a gap: what stands in the place of the gap
GAP_WORDS = {
    "suppressed_group": HIDDEN,
    "missing_group": phrase("group missing"),
    "single_region": phrase("not applicable"),
    "not_applicable": phrase("not applicable"),
    "zero_denominator": phrase("not defined"),
    "low_reliability_group": phrase("low reliability"),
    "too_many_unknown": phrase("many unknown"),
}
NO_GAP = phrase("not shown")
# Where there is room for a sign only
SHORT_WORDS = {
    "suppressed": HIDDEN,
    "suppressed_group": HIDDEN,
    "not_reported": "N",
    "missing_group": "N",
    "not_applicable": phrase("n.a."),
    "single_region": phrase("n.a."),
}

UNIT_WORDS = {"0/1": phrase("yes or no"), "count": phrase("cases")}
YES_OR_NO_WORDS = {
    "higher_better": phrase("yes is better"),
    "lower_better": phrase("no is better"),
    "neutral": phrase("neither yes nor no is better"),
}
DIRECTION_WORDS = {
    "higher_better": phrase("higher is better"),
    "lower_better": phrase("lower is better"),
    "neutral": phrase("neither high nor low is better"),
}
STANDING_WORDS = {"better": phrase("better"), "similar": phrase("similar"), "worse": phrase("worse"), "": ""}
FUNNEL_WORDS = {
    "within": phrase("within the limits"),
    "below_95": phrase("below the 95 % limit"),
    "below_998": phrase("below the 99.8 % limit"),
    "above_95": phrase("above the 95 % limit"),
    "above_998": phrase("above the 99.8 % limit"),
    "not_assessed": "",
}
RAMP_WORDS = {
    True: phrase("darker is better (higher)"),
    False: phrase("darker is better (lower)"),
    None: phrase("darker is higher; neither is better"),
}
COMPLETENESS_WORDS = {
    "complete": phrase("complete"),
    "partial": phrase("partial"),
    "suppressed": phrase("hidden"),
    "not_reported": phrase("not reported"),
    "not_applicable": phrase("not applicable"),
}
NOUNS_ARE_CAPITAL = frozenset({"de"})
UNEXPECTED_ROWS = re.compile(r"(\d+) of (\d+) rows not as expected")  # as `expectations.run` writes it


class Figure(NamedTuple):
    """One figure as a cell shows it; `status` says why a word stands in the place of a number.

    `lineage` is the address that the cell leads to: where the figure comes from; `behind` stands in brackets behind it.
    """

    text: str
    is_number: bool
    interval: str = ""
    flags: str = ""
    status: str = ""
    is_low_reliability: bool = False
    unit: str = ""
    lineage: str = ""
    behind: str = ""

    @property
    def with_interval(self) -> "Figure":
        """The figure with its interval behind it, on the same line."""
        return self._replace(behind=self.interval)

    @property
    def plain(self) -> str:
        """The figure as text without marks: the number with its letters, or the word."""
        return f"{self.text} {self.flags}" if self.flags and self.is_number else self.text

    @property
    def short(self) -> str:
        """The figure where there is room for a number or a sign only."""
        return self.text if self.is_number else say(SHORT_WORDS.get(self.status, NOTHING))

    @property
    def cell(self) -> Markup:
        """The figure as the cell of a table."""
        return _cell(self, "")

    @property
    def cell_with_interval(self) -> Markup:
        """The figure as the cell of a table, its interval below it."""
        return _cell(self, f'<small class="interval">{self.interval}</small>' if self.interval else "")


@lru_cache(maxsize=2**16)
def _cell(figure: Figure, below: str) -> Markup:
    link = f'<a href="{escape(figure.lineage)}">{{}}</a>' if figure.lineage else "{}"
    if not figure.is_number:
        return Markup(f'<td class="n word">{link.format(escape(figure.text))}</td>')
    text = link.format(f"<i>{figure.text}</i>" if figure.is_low_reliability else figure.text)
    behind = f"({figure.behind})" if figure.behind else ""
    rest = "".join(f" {escape(part)}" for part in (figure.unit, figure.flags, behind) if part)
    return Markup(f'<td class="n">{text}{rest}{below}</td>')


def word_instead(status: str, words: str) -> Figure:
    """Return a word in the place of a number."""
    return Figure(say(words), is_number=False, status=status)


def decimals_for(values: Iterable[float]) -> int:
    """Return how many decimals a series is written with: as many as it has, at most one (two if all are below 10)."""
    magnitudes = [abs(value) for value in values]
    most = 2 if max(magnitudes, default=0.0) < 10 else 1
    return next((places for places in range(most) if _are_exact(magnitudes, places)), most)


def _are_exact(values: list[float], places: int) -> bool:
    return all(abs(value - round(value, places)) < 1e-9 for value in values)


def number(value: float, decimals: int = 0) -> str:
    """Return a number as the reader writes it: digits in groups, a true minus sign, never minus zero."""
    return spoken().fixed(value, decimals)


def tick(value: float) -> str:
    """Return a number of an axis: as short as it can be said."""
    return number(value, len(f"{value:.10f}".rstrip("0").partition(".")[2]))


def percent(share: float) -> str:
    """Return a share, from 0 to 100, in whole percent."""
    return spoken().percent(share)


def share_of(part: float, whole: float) -> str:
    """Return a share in whole percent; 100 only if all are there, 0 only if none is."""
    if not whole:
        return NOTHING
    share = round(100 * part / whole)
    if part not in (0, whole):
        share = min(99, max(1, share))
    return percent(share)


def interval(lower: float | None, upper: float | None, decimals: int) -> str:
    """Return an interval in words, or nothing where there is none."""
    if lower is None or upper is None:
        return ""
    return span(number(lower, decimals), number(upper, decimals))


def span(lower: object, upper: object) -> str:
    """Return two figures, ranks or days as the ends of a span."""
    return say("{lower} to {upper}", lower=lower, upper=upper)


def together(text: str) -> str:
    """Return a text that is never broken into lines."""
    return later(_together, text) if text else ""


def _together(text: str) -> str:
    return text.replace(" ", "\u00a0")


def part_of(count: float, whole: float) -> str:
    """Return a count and the whole that it is a part of."""
    return say("{part} of {whole}", part=number(count), whole=number(whole))


def is_shown(publication_status: str, value: float | None) -> bool:
    """Say whether a value may be written as a number."""
    return publication_status in SHOWN and value is not None


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
        status = publication_status if publication_status in HIDDEN_WORDS else "not_reported"
        return word_instead(status, HIDDEN_WORDS[status])
    is_low = publication_status == "low_reliability"
    text = number(value, decimals) if not is_binary else say("yes") if value else say("no")
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
        return word_instead(reason or "", GAP_WORDS.get(reason or "", NO_GAP))
    return Figure(number(estimate, decimals), is_number=True, interval=interval(*limits, decimals))


def expected_nowhere() -> Figure:
    """Return what stands where nothing is expected, or nothing by these groups."""
    return Figure(NOTHING, is_number=False)


def not_applicable() -> Figure:
    """Return what stands where a figure cannot exist."""
    return word_instead("not_applicable", HIDDEN_WORDS["not_applicable"])


def not_reported() -> Figure:
    """Return what stands where a figure is expected and not there."""
    return word_instead("not_reported", HIDDEN_WORDS["not_reported"])


def hidden() -> str:
    """Return what stands in a chart in the place of marks that are all hidden."""
    return say("s (hidden)")


def _flags(obs_status: str | None, *, is_low: bool) -> str:
    marked = obs_status.lower() if obs_status and obs_status != PLAIN_OBS_STATUS else ""
    return marked if not is_low or LOW_RELIABILITY_FLAG in marked else marked + LOW_RELIABILITY_FLAG


def unit(name: str) -> str:
    """Return the unit of an indicator for readers."""
    return "%" if name == "percent" else word(UNIT_WORDS.get(name, name))


def with_unit(value: float, decimals: int, unit_name: str) -> str:
    """Return a value of an indicator with its unit."""
    if unit_name == "percent":
        return spoken().percent(value, decimals)
    return f"{number(value, decimals)} {unit(unit_name)}"


def gap_unit(name: str) -> str:
    """Return the unit of a difference between two values of an indicator."""
    return say("percentage points") if name == "percent" else unit(name)


def direction(code: str, *, is_binary: bool = False) -> str:
    """Return the sentence part that says which way is better."""
    return say((YES_OR_NO_WORDS if is_binary else DIRECTION_WORDS).get(code, code))


def short(label: str) -> str:
    """Return a label without a closing bracket of codes: `Lung cancer (C33-C34)` is lung cancer to a reader."""
    return later(_short, label)


def _short(label: str) -> str:
    before, bracket, inside = label.partition(" (")
    return before if bracket and inside.endswith(")") and any(map(str.isdigit, inside)) else label


def observed(value: object) -> str | Markup:
    """Return what an expectation saw, as short as it can be said; a text of the gate's own is English."""
    text = "" if value is None or value == "None" else str(value)
    if unexpected := UNEXPECTED_ROWS.fullmatch(text):
        return say(
            "{unexpected} of {rows} rows not as expected", unexpected=int(unexpected[1]), rows=int(unexpected[2])
        )
    try:
        seen = float(text)
    except ValueError:
        return Markup('<span lang="en">{}</span>').format(text) if text else ""
    return number(seen, 0 if seen.is_integer() else 3)


def size(byte_count: int) -> str:
    """Return the size of a file for readers."""
    if byte_count >= 1_000_000:
        return f"{number(byte_count / 1_000_000, 1)} MB"
    return f"{number(max(1, round(byte_count / 1_000)))} kB"


def day(moment: str) -> str:
    """Return the day of a moment, or a day, that is written as ISO 8601; nothing for nothing."""
    return spoken().day(datetime.fromisoformat(moment).date()) if moment else ""


def moment(written: str) -> str:
    """Return a moment in UTC, to the minute, that is written as ISO 8601."""
    return spoken().moment(datetime.fromisoformat(written))


def capital(sentence: str) -> str:
    """Return a sentence that begins with a capital letter."""
    return later(_capital, sentence)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def lower(name: str) -> str:
    """Return a name as it stands within a sentence: without its capital letter, except where nouns have one."""
    return later(_lower, name)


def _lower(name: str) -> str:
    return name if spoken().text_code in NOUNS_ARE_CAPITAL else name[:1].lower() + name[1:]
