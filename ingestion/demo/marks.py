"""The statuses that a contact sets: cannot exist, suppressed, break, estimated, provisional, not collected."""

from dataclasses import dataclass

from ingestion.demo.assumptions import Level
from ingestion.demo.chance import stream
from ingestion.demo.figures import indicators, periods
from ingestion.demo.plan import BREAK_YEAR, Plan
from ingestion.demo.senders import Sender
from ingestion.demo.situation import Block, Cell, Stratum

CANNOT_EXIST, SUPPRESSED, BREAK, ESTIMATED, PROVISIONAL, NOT_COLLECTED = "M", "Q", "B", "E", "P", "L"
# Contacts who hide small counts themselves do so below this number, and hide a second part so that the first stays
# hidden.
SENDER_THRESHOLD = 5
ESTIMATING_SHARE = 0.5
REGISTRY = "cancer registry"


@dataclass(frozen=True)
class Status:
    """What the sender says about one row."""

    obs_status: str | None = None
    conf_status: str | None = None
    comment: str | None = None

    @property
    def is_hidden(self) -> bool:
        """Say whether the sender keeps the numbers to itself."""
        return self.obs_status == SUPPRESSED


@dataclass(frozen=True)
class Marks:
    """The marking habits of one contact."""

    plan: Plan
    sender: Sender

    def statuses(self, level: Level, period: str, block: Block) -> dict[Stratum, Status]:
        """Return the status of every row of a block."""
        hidden = self._hidden(level, block)
        usual = self._usual(level, period)
        found = {}
        for stratum, cell in block.items():
            if cell.is_empty:
                found[stratum] = Status(CANNOT_EXIST)
            elif stratum in hidden:
                found[stratum] = Status(SUPPRESSED, self.sender.suppression_code)
            else:
                found[stratum] = usual
        return found

    def _usual(self, level: Level, period: str) -> Status:
        year = int(period[:4])
        if self.plan.has_break(level.indicator) and year == BREAK_YEAR:
            return Status(BREAK)
        if level.may_be_estimated and self._estimates(level.indicator):
            return Status(ESTIMATED)
        is_latest = period == periods(level.indicator)[-1]
        comment = self.sender.provisional_comment
        if is_latest and comment and REGISTRY in indicators()[level.indicator]["data_holder"]:
            return Status(PROVISIONAL, comment=comment)
        return Status()

    def _estimates(self, indicator: str) -> bool:
        return stream(self.plan.seed, self.plan.country_code, "estimates", indicator).random() < ESTIMATING_SHARE

    def _hidden(self, level: Level, block: Block) -> set[Stratum]:
        """Return the rows that the contact hides: small counts, and more where the rest would give them away.

        One hidden part takes a second one with it; one hidden cell takes the whole cross-classification with it.
        """
        if not self.sender.suppression_code or indicators()[level.indicator]["is_person_count"] != "true":
            return set()
        hidden = {stratum for stratum, cell in block.items() if _is_small(cell)}
        for dimensions in {_dimensions_of(stratum) for stratum in block} - {()}:
            parts = [stratum for stratum in block if _dimensions_of(stratum) == dimensions]
            shown = [part for part in parts if part not in hidden and not block[part].is_empty]
            hidden_count = sum(part in hidden for part in parts)
            if len(dimensions) > 1 and hidden_count:
                hidden |= set(shown)
            elif hidden_count == 1 and shown:
                hidden.add(min(shown, key=lambda part: _size(block[part])))
        return hidden


def _dimensions_of(stratum: Stratum) -> tuple[str, ...]:
    return tuple(dimension for dimension, _ in stratum)


def _is_small(cell: Cell) -> bool:
    """Say whether few people are counted, or few are not."""
    counts = [cell.numerator, cell.denominator]
    if cell.numerator is not None and cell.denominator is not None:
        counts.append(cell.denominator - cell.numerator)
    return any(count is not None and 0 < count < SENDER_THRESHOLD for count in counts)


def _size(cell: Cell) -> float:
    return float(cell.numerator if cell.numerator is not None else cell.denominator or 0)
