"""`pcm backup`, `pcm restore` and `pcm doctor`: the care of an observatory."""

from pathlib import Path

import click

from ingestion.cli.tables import AS_JSON
from ingestion.settings import Settings


@click.command()
@click.argument("place", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def backup(settings: Settings, place: Path) -> None:
    """Write all that cannot be made again into a new folder of PLACE; the observatory may go on meanwhile.

    What an earlier backup in PLACE has is linked, not copied. A backup holds small counts and addresses of contacts:
    keep it as safe as the observatory itself.
    """
    from ingestion.care.backup import back_up

    made = back_up(settings, place)
    click.echo(
        f"{made.folder}: {made.file_count} files, {made.size_bytes / 1e6:.1f} MB, "
        f"of which {made.new_bytes / 1e6:.1f} MB are new."
    )


@click.command()
@click.argument("backup_folder", metavar="BACKUP", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_obj
def restore(settings: Settings, backup_folder: Path) -> None:
    """Make a new home from a backup and verify its ledger and every release; --home says where.

    With PCM_LEDGER the ledger is restored into that database, which must hold nothing.

    Files that arrived after the backup are not in it: ask their senders, whose receipts name them, to send them again.
    """
    from ingestion.care.backup import restore as bring_back
    from ingestion.care.doctor import look_at_ledger
    from ingestion.release.verify import verify
    from ingestion.store.home import Home
    from ingestion.store.published import release_ids

    count = bring_back(backup_folder, settings)
    releases = Home(settings.home).releases
    found = {release_id: verify(releases / release_id) for release_id in release_ids(settings)}
    problems = [f"{release_id}: {problem}" for release_id, lines in found.items() for problem in lines]
    problems += [each.sentence for each in look_at_ledger(settings) if each.state == "broken"]
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.exceptions.Exit(1)
    click.echo(f"{settings.home}: {count} files are back, {len(found)} releases verified. `pcm up` goes on from here.")


@click.command()
@click.pass_obj
def fetch(settings: Settings) -> None:
    """Bring back from the store (PCM_STORE) what this home lacks: received files, landed rows, releases.

    For a new machine, or one that lost its disk; with a ledger elsewhere `pcm up` goes on from here.
    """
    from ingestion.errors import UsageError
    from ingestion.store.home import Home
    from ingestion.store.published import fetch_all

    if not settings.store:
        raise UsageError("PCM_STORE names no store, so there is nothing to fetch from.")
    Home(settings.home).create()
    click.echo(f"{settings.home}: {fetch_all(settings)} files and releases came back from the store.")


@click.command()
@AS_JSON
@click.pass_obj
def doctor(settings: Settings, as_json: bool) -> None:
    """Look at everything that is kept: packages, rights, disk, ledger, clock, files that arrived, releases.

    Exit code 1 when something is broken.
    """
    from ingestion.care.doctor import examine
    from ingestion.cli.tables import show

    findings = examine(settings)
    lines = [[each.subject, each.state, each.sentence] for each in findings]
    show(["subject", "state", "sentence"], lines, as_json=as_json)
    if any(each.state == "broken" for each in findings):
        raise click.exceptions.Exit(1)
