"""`pcm tidy`: what may go, and its removal."""

import click

from ingestion.cli.tables import AS_JSON
from ingestion.settings import Settings


@click.command()
@click.option("--days", type=click.IntRange(min=1), default=30, show_default=True, help="Keep what is younger.")
@click.option("--apply", "is_applied", is_flag=True, help="Remove it, and Airflow's records of so long ago.")
@AS_JSON
@click.pass_obj
def tidy(settings: Settings, days: int, is_applied: bool, as_json: bool) -> None:
    """List the builds behind older releases and the logs of old runs; they go with --apply and not before.

    What arrived, what landed, what was published and the ledger always stay.
    """
    from ingestion.care.tidy import clean_airflow, leftovers
    from ingestion.care.tidy import tidy as remove
    from ingestion.cli.tables import show

    found = (remove if is_applied else leftovers)(settings, days=days)
    lines = [[each.what, str(each.path), each.size_bytes] for each in found]
    none = f"Nothing that may go is older than {days} days."
    show(["what", "path", "size_bytes"], lines, as_json=as_json, if_none=none)
    megabytes = sum(each.size_bytes for each in found) / 1e6
    click.echo(f"{megabytes:.1f} MB {'are gone' if is_applied else 'would go with --apply'}.", err=True)
    if is_applied:
        click.echo(clean_airflow(settings, days=days), err=True)
