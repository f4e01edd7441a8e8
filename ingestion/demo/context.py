"""The real part of a national file: theme CTX, as official statistics publish it."""

from functools import cache

from ingestion.catalogue import rows
from ingestion.demo.assumptions import read_rows
from ingestion.demo.rows import Row


def context_rows(country_code: str) -> list[Row]:
    """Return one row per real figure of a country: the published value, its flag, its source.

    Flags become observation statuses by the catalogue; letters beyond the first that has a status stay in the comment.
    """
    return [_row(figure) for figure in context_figures() if figure["country_code"] == country_code]


@cache
def context_figures() -> tuple[dict[str, str], ...]:
    """Return the real figures as they stand in `context_figures.csv`, texts unchanged."""
    return tuple(read_rows("context_figures.csv"))


def _row(figure: dict[str, str]) -> Row:
    status, comment = _status_and_comment(figure["flag"])
    return {
        "INDICATOR": figure["indicator_code"],
        "REF_AREA": figure["country_code"],
        "TIME_PERIOD": figure["period"],
        "QUANTILE": None if figure["quantile"] == _total("QUANTILE") else figure["quantile"],
        "OBS_VALUE": float(figure["value"]),
        "OBS_STATUS": status,
        "OBS_COMMENT": comment,
        "REFERENCE": _references()[figure["source_id"]],
    }


def _status_and_comment(flag: str) -> tuple[str | None, str | None]:
    statuses = {row["code"]: row["obs_status"] for row in rows("eurostat_flags")}
    mapped = next((letter for letter in flag if statuses.get(letter)), "")
    rest = flag.replace(mapped, "", 1)
    return statuses.get(mapped), f"Eurostat flag {rest}" if rest else None


@cache
def _references() -> dict[str, str]:
    return {row["source_id"]: f"{row['source_title']}, {row['source_url']}" for row in read_rows("context_sources.csv")}


def _total(dimension: str) -> str:
    return next(row["total_code"] for row in rows("dimensions") if row["dimension_code"] == dimension)
