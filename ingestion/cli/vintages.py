"""`pcm diff` and `pcm explain`: what changed from release to release, and where a figure comes from."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingestion.cli.tables import AS_JSON
from ingestion.cli.typed import country_code
from ingestion.errors import UsageError
from ingestion.settings import Settings

if TYPE_CHECKING:
    import duckdb

MOST_LINES = 50


@click.command()
@click.argument("earlier")
@click.argument("later")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json", "html"]), default="text", show_default=True)
@click.option("--country", "country_code", type=country_code, metavar="CC", help="Only figures of this country.")
@click.option("--indicator", "indicator_code", metavar="CODE", help="Only figures of this indicator.")
@click.pass_obj
def diff(
    settings: Settings, earlier: str, later: str, form: str, country_code: str | None, indicator_code: str | None
) -> None:
    """List every figure that differs between the releases EARLIER and LATER, and why."""
    from ingestion.release.changes import changes_page, changes_text
    from ingestion.release.diff import diff as compare
    from ingestion.release.query import warehouse_of

    folders = [warehouse_of(settings, release_id).parent for release_id in (earlier, later)]
    with compare(*folders, country_code=country_code, indicator_code=indicator_code) as connection:
        if form == "html":
            click.echo(changes_page(connection, earlier, later))
        elif form == "text":
            click.echo(changes_text(connection, earlier, later))
            click.echo(_first_lines(connection))
        else:
            _for_programs(connection, as_json=form == "json")


def _first_lines(connection: "duckdb.DuckDBPyConnection") -> str:
    from ingestion.cli.tables import table
    from ingestion.release.changes import SHOWN_COLUMNS, changed_figures

    lines, count = changed_figures(connection, MOST_LINES)
    if count == 0:
        return ""
    more = f"\n... and {count - len(lines)} more: --format csv has them all." if count > len(lines) else ""
    return table(SHOWN_COLUMNS, lines) + more


def _for_programs(connection: "duckdb.DuckDBPyConnection", *, as_json: bool) -> None:
    import csv
    import sys

    from ingestion.cli.tables import show

    found = connection.sql("from changes")
    columns, lines = found.columns, found.fetchall()
    if as_json:
        show(columns, lines, as_json=True)
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([columns, *lines])


@click.command()
@click.argument("what", metavar="FIGURE|SUBMISSION|RECEIPT")
@click.option("--release", "release_id", metavar="ID", help="As it stands in this release instead of the current one.")
@click.option("--public", "is_public", is_flag=True, help="Leave out what is known from the received files only.")
@AS_JSON
@click.pass_obj
def explain(settings: Settings, what: str, release_id: str | None, is_public: bool, as_json: bool) -> None:
    """Say where a figure comes from (LU/MTB_01/2025/C50/SEX:F), or in which releases a submission stands.

    A submission is named by its id or by its receipt, a file receipt.json.

    The submission, its hash and the row are public; the file's name, the cells and what was found in them are shown to
    those who may read the received files.
    """
    import json

    from ingestion.release.explain import explain_figure, explain_submission
    from ingestion.release.explain_text import figure_text, submission_text

    if Path(what).is_file():
        what = _submission_of(Path(what))
    if "/" in what:
        found = explain_figure(settings, what, release_id=release_id, is_public=is_public)
        text = figure_text(found)
    else:
        found = explain_submission(settings, what, is_public=is_public)
        text = submission_text(found)
    click.echo(json.dumps(found, ensure_ascii=False, indent=1, default=str) if as_json else text)


def _submission_of(receipt: Path) -> str:
    import json

    try:
        return str(json.loads(receipt.read_text(encoding="utf-8"))["submission_id"])
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{receipt} is not a receipt of the observatory (receipt.json).") from None
