"""`pcm releases`, `pcm sql` and `pcm verify`: what was published."""

from datetime import date

import click

from ingestion.cli.tables import AS_JSON
from ingestion.cli.typed import day
from ingestion.errors import UsageError
from ingestion.settings import Settings

LISTING = """
    select schema_name, table_name, estimated_size as rows from duckdb_tables()
    union all by name
    select schema_name, view_name as table_name from duckdb_views() where schema_name = 'themes'
    order by all
"""
NO_RELEASE = (
    "Nothing is published yet. The first release comes when files have been accepted and the gate has let a build "
    "pass; `pcm status` shows how far it is."
)


@click.command()
@AS_JSON
@click.pass_obj
def releases(settings: Settings, as_json: bool) -> None:
    """List the releases, the newest last; the current one is marked."""
    from ingestion.cli.tables import show
    from ingestion.store.home import Home
    from ingestion.store.published import current_release_id, release_facts, release_ids, withdrawal

    Home(settings.home).require()
    current = current_release_id(settings)
    found = [release_facts(settings, release_id) for release_id in release_ids(settings)]
    columns = ("release_id", "published_at", "country_count", "observation_count", "content_hash")
    lines = [
        [
            *(each[column] for column in columns),
            each["release_id"] == current,
            withdrawal(settings, each["release_id"]) is not None,
        ]
        for each in found
    ]
    show([*columns, "is_current", "is_withdrawn"], lines, as_json=as_json, if_none=NO_RELEASE)


@click.command()
@click.argument("query", required=False)
@click.option("--release", "release_id", metavar="ID", help="Ask this release instead of the current one.")
@click.option(
    "--as-of",
    "as_of",
    type=day,
    metavar="DAY",
    help="Ask the newest release published by the end of this day (UTC), for example 2026-05-31.",
)
@AS_JSON
@click.pass_obj
def sql(settings: Settings, query: str | None, release_id: str | None, as_of: date | None, as_json: bool) -> None:
    """Ask the current release with SQL; without QUERY, list its tables and the views of its themes."""
    from ingestion.cli.tables import show
    from ingestion.release.notice import withdrawal_notice
    from ingestion.release.query import query as ask
    from ingestion.release.query import release_as_of
    from ingestion.store.published import current_release_id

    if release_id and as_of:
        raise UsageError("Name the release (--release) or the day (--as-of), not both.")
    if as_of:
        release_id = release_as_of(settings, as_of)

    columns, rows = ask(settings, query or LISTING, release_id=release_id)
    notice = withdrawal_notice(settings, release_id or str(current_release_id(settings)))
    if notice:
        click.echo(notice, err=True)
    show(columns, rows, as_json=as_json)


@click.command()
@click.argument("release_id", required=False)
@click.option("--rebuild", "is_rebuilt", is_flag=True, help="Also make it again from the received files and compare.")
@click.pass_obj
def verify(settings: Settings, release_id: str | None, is_rebuilt: bool) -> None:
    """Check that every file of a release still has the bytes that were published.

    With --rebuild the desk reads the received files again and dbt builds from them, in a temporary folder: every landed
    file and every table must come out byte for byte.
    """
    from ingestion.release.query import release_folder
    from ingestion.release.rebuild import rebuild
    from ingestion.release.verify import verify as problems_of

    folder = release_folder(settings, release_id, wanted="" if is_rebuilt else "release.json")
    problems = problems_of(folder)
    if is_rebuilt and not problems:
        problems = rebuild(settings, folder)
    for problem in problems:
        click.echo(f"{folder.resolve().name}: {problem}", err=True)
    if problems:
        raise click.exceptions.Exit(1)
    click.echo(f"{folder.resolve().name}: every file is as it was published.")
    if is_rebuilt:
        click.echo(f"{folder.resolve().name}: the received files give the same rows and the same tables again.")
