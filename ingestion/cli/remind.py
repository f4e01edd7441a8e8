"""`pcm remind`: who has not reported, and a mail to their contacts."""

import click

from ingestion.cli.tables import AS_JSON
from ingestion.settings import Settings


@click.command()
@AS_JSON
@click.pass_obj
def remind(settings: Settings, as_json: bool) -> None:
    """List the countries that have not reported in this round, and remind their contacts if a day for it has come."""
    from ingestion.catalogue import latest_round
    from ingestion.cli.tables import show
    from ingestion.portal.correspondence.mail import deliver
    from ingestion.portal.upkeep import REMINDER_DAYS
    from ingestion.portal.upkeep import remind as queue_reminders
    from ingestion.status.reporting import silent_countries
    from ingestion.store.home import Home

    Home(settings.home).require()
    last = latest_round()
    queued = queue_reminders(settings)
    deliver(settings)
    lines = [[code, last.closes_on] for code in silent_countries(settings)]
    everybody = f"Every country has reported in round {last.round_id}: there is nobody to remind."
    show(["country_code", "closes_on"], lines, as_json=as_json, if_none=everybody)
    days = ", ".join(str(each) for each in REMINDER_DAYS)
    click.echo(f"Contacts reminded now: {queued}. Each is reminded once {days} days before the deadline.", err=True)
