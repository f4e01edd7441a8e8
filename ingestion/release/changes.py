"""What changed since the release before, written for people and programs: `CHANGES.md`, `changes.csv`, a page."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from ingestion.family import FAMILY
from ingestion.release.diff import CAUSES, KINDS, diff
from ingestion.settings import PROJECT_ROOT
from ingestion.sql_text import quoted
from ingestion.store.atomic import read_json

# The mark of a hidden figure on the pages, too.
HIDDEN_MARK = "s"
HIDDEN_STATUSES = ("suppressed", "suppressed_group")
STYLE = PROJECT_ROOT / "dashboards" / "assets" / "style.css"
TEMPLATES = PROJECT_ROOT / "ingestion" / "release"
MOST_SHOWN = 2000  # a page or a terminal that shows more is read by nobody; changes.csv has them all
SYNTHETIC = "Synthetic figures are among them: they are invented for demonstration and say nothing about any country."
# Many, and no surprise.
FOLLOWS = ("new_data", "other_figures")
SHOWN_COLUMNS = ("figure_id", "kind", "cause", "earlier", "later")


def write_changes(folder: Path, *, earlier: Path | None) -> None:
    """Write `CHANGES.md` and, after the first release, `changes.csv` into a release that is being made."""
    release_id = read_json(folder / "release.json")["release_id"]
    if earlier is None:
        text = f"# Release {release_id}\n\nThis is the first release: all of its figures are new.\n"
    else:
        with diff(earlier, folder) as connection:
            connection.execute(f"copy changes to '{quoted(folder / 'changes.csv')}' (format csv, header)")
            text = changes_text(connection, earlier.name, release_id) + "\nEvery changed figure: `changes.csv`.\n"
    (folder / "CHANGES.md").write_text(text, encoding="utf-8")


def changes_text(connection: duckdb.DuckDBPyConnection, earlier_id: str, later_id: str) -> str:
    """Return the counts of changed figures by cause and by country, in Markdown."""
    causes = [[*line, CAUSES[line[0]]] for line in counts_by_cause(connection)]
    if not causes:
        return f"# Changes from release {earlier_id} to {later_id}\n\nNo figure changed.\n"
    names = [line[0] for line in causes]
    parts = [
        f"# Changes from release {earlier_id} to {later_id}",
        "",
        "A figure counts when its value, its interval, its counts or its status is another. A change has the first "
        "cause that applies.",
        *(["", SYNTHETIC] if _has_synthetic(connection) else []),
        "",
        "## By cause",
        *_markdown(["cause", *KINDS, "meaning"], causes),
        "",
        "## By country",
        *_markdown(["country", *names], counts_by_country(connection, names)),
        "",
    ]
    return "\n".join(parts)


def changes_page(connection: duckdb.DuckDBPyConnection, earlier_id: str, later_id: str) -> str:
    """Return the changes as one page without script or outside host, in the style of the site."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    figures, count = changed_figures(connection)
    by_cause = counts_by_cause(connection)
    names = [line[0] for line in by_cause]
    return templates.get_template("changes.html.j2").render(
        earlier_id=earlier_id,
        later_id=later_id,
        synthetic_words=SYNTHETIC if _has_synthetic(connection) else None,
        style="".join(path.read_text(encoding="utf-8") for path in (FAMILY, STYLE)),
        kinds=list(KINDS),
        meanings=CAUSES,
        causes=names,
        by_cause=by_cause,
        by_country=counts_by_country(connection, names),
        columns=SHOWN_COLUMNS,
        figures=figures,
        figure_count=count,
    )


def counts_by_cause(connection: duckdb.DuckDBPyConnection) -> list[list[Any]]:
    """Return one line per cause that occurs: the cause, then how many figures of each kind."""
    counted = ", ".join(f"count(*) filter (where kind = '{kind}')" for kind in KINDS)
    found = connection.execute(f"select cause, {counted} from changes group by cause").fetchall()
    return sorted((list(line) for line in found), key=lambda line: list(CAUSES).index(line[0]))


def counts_by_country(connection: duckdb.DuckDBPyConnection, causes: Sequence[str]) -> list[list[Any]]:
    """Return one line per country: its code, then how many of its figures changed for each of these causes."""
    counted = ", ".join(f"count(*) filter (where cause = '{cause}')" for cause in causes)
    found = connection.execute(
        f"select country_code, {counted} from changes group by country_code order by country_code"
    ).fetchall()
    return [list(line) for line in found]


def changed_figures(connection: duckdb.DuckDBPyConnection, most: int = MOST_SHOWN) -> tuple[list[list[str]], int]:
    """Return at most so many changes, those of figures that stood before first, and how many there are."""
    order = f"cause in {FOLLOWS}, list_position({list(CAUSES)}, cause), list_position({list(KINDS)}, kind), figure_id"
    found = connection.execute(
        "select figure_id, kind, cause, earlier_value, earlier_status, later_value, later_status, count(*) over () "
        f"from changes order by {order} limit {most}"
    ).fetchall()
    lines = [
        [figure_id, kind, cause, _shown(before, was, status), _shown(after, status, was)]
        for figure_id, kind, cause, before, was, after, status, _ in found
    ]
    return lines, found[0][-1] if found else 0


def _has_synthetic(connection: duckdb.DuckDBPyConnection) -> bool:
    found = connection.execute(
        "select bool_or(is_synthetic) from (from earlier.marts.fct_observations "
        "union all by name from later.marts.fct_observations)"
    ).fetchone()
    return bool(found and found[0])


def _shown(value: float | None, status: str | None, other_status: str | None) -> str:
    """Return a figure as people read it: its value, the mark of a hidden one, or why there is none."""
    if status in HIDDEN_STATUSES:
        return HIDDEN_MARK
    if value is None and status == "published":
        return "shown" if other_status in HIDDEN_STATUSES else "no value"
    if value is None:
        return (status or "none").replace("_", " ")
    return f"{value:.6g}"


def _markdown(columns: Sequence[str], lines: Iterable[Sequence[Any]]) -> list[str]:
    rule = ["---", *("---:" if column in (*KINDS, *CAUSES) else "---" for column in columns[1:])]
    texts = ([f"{cell:,}" if isinstance(cell, int) else cell for cell in line] for line in lines)
    return [f"| {' | '.join(line)} |" for line in (columns, rule, *texts)]
