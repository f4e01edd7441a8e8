"""All rows of one country: the real context figures and the invented pilot figures, as its contact would send them."""

from functools import cache

from ingestion.catalogue import rows
from ingestion.demo.assumptions import Level, levels
from ingestion.demo.context import context_rows
from ingestion.demo.figures import LateReports, indicators, periods, pilot_blocks
from ingestion.demo.marks import NOT_COLLECTED, Marks
from ingestion.demo.plan import Plan
from ingestion.demo.rows import SYNTHETIC, Row
from ingestion.demo.senders import Sender
from ingestion.demo.situation import TOTAL, Block, Cell, Stratum

REFERENCE = f"{SYNTHETIC} figure of the demonstration round, not an observation"
# Yes/no answers and scores name a document; this one says that it does not exist.
INVENTED_DOCUMENT = f"{SYNTHETIC} answer of the demonstration round; the document it would name does not exist"


def submission_rows(
    seed: int, plan: Plan, sender: Sender, *, only: frozenset[str] | None = None, late: LateReports | None = None
) -> list[Row]:
    """Return a country's rows in the order of the catalogue: indicator, site, period, total first, then its parts.

    `only` limits the file to some indicators; `late` adds reports that reached one indicator later.
    """
    marks = Marks(plan, sender)
    blocks = pilot_blocks(seed, plan, late=late)
    found = context_rows(plan.country_code)
    for level in levels():
        found += _level_rows(plan, level, blocks=blocks, marks=marks, sender=sender)
    return found if only is None else [row for row in found if row["INDICATOR"] in only]


def _level_rows(
    plan: Plan, level: Level, *, blocks: dict[tuple[str, str, str], Block], marks: Marks, sender: Sender
) -> list[Row]:
    if plan.is_omitted(level.indicator):
        return _not_collected_rows(plan, level, sender) if plan.says_not_collected(level.indicator) else []
    found = []
    for period in periods(level.indicator):
        block = blocks[level.indicator, level.site, period]
        statuses = marks.statuses(level, period, block)
        for stratum, cell in block.items():
            status = statuses[stratum]
            shown = Cell() if status.is_hidden else cell
            row = _row(plan, level, period, stratum=stratum, cell=shown, sender=sender)
            row |= {"OBS_STATUS": status.obs_status, "CONF_STATUS": status.conf_status, "OBS_COMMENT": status.comment}
            found.append(row)
    return found


def _not_collected_rows(plan: Plan, level: Level, sender: Sender) -> list[Row]:
    empty = [
        _row(plan, level, period, stratum=TOTAL, cell=Cell(), sender=sender) for period in periods(level.indicator)
    ]
    return [{**row, "OBS_STATUS": NOT_COLLECTED} for row in empty]


def _row(plan: Plan, level: Level, period: str, *, stratum: Stratum, cell: Cell, sender: Sender) -> Row:
    row: Row = {
        "INDICATOR": level.indicator,
        "REF_AREA": plan.country_code,
        "TIME_PERIOD": period,
        "SITE": level.site or None,
        **dict(stratum),
        "NUMERATOR": cell.numerator,
        "DENOMINATOR": cell.denominator,
        "OBS_VALUE": cell.obs_value,
        "P25": cell.p25,
        "P75": cell.p75,
        "REFERENCE": REFERENCE,
    }
    if sender.total_style == "codes":
        row |= {name: row.get(name) or code for name, code in _total_codes(level.indicator).items()}
    indicator = indicators()[level.indicator]
    if indicator["measure_type_code"] in ("SCORE", "BIN"):
        row["REFERENCE"] = INVENTED_DOCUMENT
    if indicator["measure_type_code"] == "PROP":
        _use_value(row, cell, sender, is_survey=indicator["allows_published_value"] == "true")
    return row


def _use_value(row: Row, cell: Cell, sender: Sender, *, is_survey: bool) -> None:
    """Add the value that some contacts compute themselves; of a survey they publish the value alone."""
    if not sender.sends_value or cell.numerator is None or not cell.denominator:
        return
    row["OBS_VALUE"] = round(100 * cell.numerator / cell.denominator, 1)
    if is_survey:
        row["NUMERATOR"] = row["DENOMINATOR"] = None


@cache
def _total_codes(indicator: str) -> dict[str, str]:
    """Return {dimension: code of its total} for the dimensions that an indicator is broken down by."""
    foreseen = {
        row["dimension_code"] for row in rows("indicator_disaggregations") if row["indicator_code"] == indicator
    }
    return {
        row["dimension_code"]: row["total_code"]
        for row in rows("dimensions")
        if row["is_stratum"] == "true" and row["total_code"] and row["dimension_code"] in foreseen
    }
