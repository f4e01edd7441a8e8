"""The invented pilot figures of one country: whole counts whose parts add up, around the assumed levels."""

from dataclasses import dataclass
from functools import cache

from ingestion.catalogue import rows
from ingestion.demo.assumptions import Level, levels
from ingestion.demo.measures import make_block
from ingestion.demo.plan import Plan
from ingestion.demo.situation import Block, Situation

# (indicator, site, period)
BlockKey = tuple[str, str, str]


@dataclass(frozen=True)
class LateReports:
    """What a correction adds: reports that reached some indicators after the first file, on the logit scale."""

    indicators: frozenset[str]
    year: int
    shift: float


def pilot_blocks(seed: int, plan: Plan, *, late: LateReports | None = None) -> dict[BlockKey, Block]:
    """Return the figures of every pilot indicator of a country, one block per (indicator, site, period).

    Indicators that the country leaves out are here too: others may start from their counts.
    """
    blocks: dict[BlockKey, Block] = {}
    for level in levels():
        for period in periods(level.indicator):
            situation = Situation(
                seed=seed,
                country_code=plan.country_code,
                level=level,
                indicator=indicators()[level.indicator],
                period=period,
                dimensions=plan.dimensions(level.indicator, period),
                upstream=_upstream(blocks, level, period),
                extra_shift=plan.break_shift(level.indicator, period) + _late_shift(late, level, period),
                is_crossed=bool(level.crossed_by) and plan.crosses(level.indicator, period),
            )
            blocks[level.indicator, level.site, period] = make_block(situation)
    return blocks


def _upstream(blocks: dict[BlockKey, Block], level: Level, period: str) -> Block | None:
    return blocks[level.base_indicator, level.site, period] if level.base_indicator else None


def _late_shift(late: LateReports | None, level: Level, period: str) -> float:
    if late is None or level.indicator not in late.indicators or period != str(late.year):
        return 0.0
    return late.shift


@cache
def indicators() -> dict[str, dict[str, str]]:
    """Return {indicator: its row of the catalogue}."""
    return {row["indicator_code"]: row for row in rows("indicators")}


@cache
def periods(indicator: str) -> tuple[str, ...]:
    """Return the periods that the round asks an indicator for, in order."""
    periodicity = indicators()[indicator]["periodicity_code"]
    return tuple(row["period"] for row in rows("round_periods") if row["periodicity_code"] == periodicity)
