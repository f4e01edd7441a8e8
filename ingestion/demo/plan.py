"""What one national contact sends and what not: indicators and breakdowns left out, breaks, provisional years."""

from dataclasses import dataclass
from functools import cache

from ingestion.catalogue import rows
from ingestion.demo.chance import stream
from ingestion.demo.country import region_codes

# How often an indicator is left out, by tier; pilots have begun in most places, extended sets have not.
OMITTED_SHARE = {"CORE": 0.03, "EXTENDED": 0.12, "PILOT": 0.08}
# How often a breakdown is left out, and for how many of the last periods those that are optional are sent.
OMITTED_BREAKDOWN_SHARE = {"required": 0.03, "optional": 0.22}
OPTIONAL_PERIOD_COUNT = 3
# How many countries cross-classify the indicators for which that is foreseen, and for how many of the last periods.
CROSSING_SHARE = 0.3
CROSSED_PERIOD_COUNT = 2
NOT_COLLECTED_SHARE = 0.4
REGISTER = "registry"
BREAK_SHARE = 0.4
BREAK_SHIFT = 0.40
BREAK_YEAR = 2024
# A country without a link from its registers to income or education sends no such breakdown at all.
NO_REGISTER_LINK_SHARE = {"QUANTILE": 0.20, "ISCED11": 0.10}


@dataclass(frozen=True)
class Plan:
    """The habits of one country's contact in this round; `kept` are indicators that it certainly sends, with every
    breakdown."""

    seed: int
    country_code: str
    kept: frozenset[str] = frozenset()

    def dimensions(self, indicator: str, period: str) -> tuple[str, ...]:
        """Return the dimensions by which the country breaks an indicator down in a period."""
        return tuple(
            dimension
            for dimension, requirement in _breakdowns(indicator)
            if self._sends_breakdown(indicator, dimension, requirement)
            and (requirement == "required" or period in _latest_periods(indicator, OPTIONAL_PERIOD_COUNT))
        )

    def crosses(self, indicator: str, period: str) -> bool:
        """Say whether the country sends the cross-classification that is foreseen for an indicator."""
        return self._draw("cross") < CROSSING_SHARE and period in _latest_periods(indicator, CROSSED_PERIOD_COUNT)

    def _sends_breakdown(self, indicator: str, dimension: str, requirement: str) -> bool:
        if dimension == "NUTS2" and len(region_codes(self.country_code)) == 1:
            return False
        if indicator in self.kept:
            return True
        if requirement != "required" and self._has_no_link(dimension):
            return False
        return self._draw("breakdown", indicator, dimension) >= OMITTED_BREAKDOWN_SHARE[requirement]

    def _has_no_link(self, dimension: str) -> bool:
        return self._draw("link", dimension) < NO_REGISTER_LINK_SHARE.get(dimension, 0)

    def is_omitted(self, indicator: str) -> bool:
        """Say whether the country leaves an indicator out; it never leaves out the whole of a theme."""
        theme = _indicators()[indicator]["theme_code"]
        of_theme = [code for code, row in _indicators().items() if row["theme_code"] == theme]
        unwanted = [code for code in of_theme if self._is_unwanted(code)]
        return indicator in unwanted and len(unwanted) < len(of_theme)

    def _is_unwanted(self, indicator: str) -> bool:
        share = OMITTED_SHARE.get(_indicators()[indicator]["tier"], 0)
        return indicator not in self.kept and self._draw("omit", indicator) < share

    def says_not_collected(self, indicator: str) -> bool:
        """Say whether the country says of an indicator that it leaves out that it is not collected."""
        return self._draw("silent", indicator) < NOT_COLLECTED_SHARE

    def _draw(self, *names: str) -> float:
        return _drawn(self.seed, self.country_code, *names)

    def has_break(self, indicator: str) -> bool:
        """Say whether the series of an indicator breaks, because the country's register changed."""
        of_registers = [code for code, row in _indicators().items() if REGISTER in row["data_holder"]]
        broken = of_registers[int(self._draw("broken") * len(of_registers))]
        return self._draw("break") < BREAK_SHARE and indicator == broken

    def break_shift(self, indicator: str, period: str) -> float:
        """Return what a break in the series adds to a period's level, on its scale."""
        return BREAK_SHIFT if self.has_break(indicator) and int(period[:4]) >= BREAK_YEAR else 0.0


@cache
def _drawn(*names: object) -> float:
    return stream("plan", *names).random()


@cache
def _indicators() -> dict[str, dict[str, str]]:
    return {row["indicator_code"]: row for row in rows("indicators") if row["theme_code"] != "CTX"}


@cache
def _breakdowns(indicator: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (row["dimension_code"], row["requirement"])
        for row in rows("indicator_disaggregations")
        if row["indicator_code"] == indicator and row["dimension_code"] != "SITE"
    )


@cache
def _latest_periods(indicator: str, count: int) -> tuple[str, ...]:
    periodicity = _indicators()[indicator]["periodicity_code"]
    periods = sorted(row["period"] for row in rows("round_periods") if row["periodicity_code"] == periodicity)
    return tuple(periods[-count:])
