"""`pcm contact`: who may come in by the portal."""

import click

from ingestion.cli.tables import AS_JSON
from ingestion.cli.typed import country_code
from ingestion.portal.roles import ROLES
from ingestion.settings import Settings

EMAIL = click.argument("email")


@click.group()
def contact() -> None:
    """Invite people to the portal, list them, shut them out, and give their programs a token."""


@contact.command()
@click.argument("country", type=country_code, metavar="COUNTRY")
@EMAIL
@click.option("--role", type=click.Choice(list(ROLES)), default="contact", show_default=True)
@click.option(
    "--country",
    "others",
    type=country_code,
    metavar="CC",
    multiple=True,
    help="Another country that the person acts for.",
)
@click.pass_obj
def invite(settings: Settings, country: str, email: str, role: str, others: tuple[str, ...]) -> None:
    """Print a link by which EMAIL sets a password, once, within seven days; again for a new password or role."""
    from ingestion.portal.entrance.accounts import invite as make_invitation
    from ingestion.portal.web.addresses import invitation_link

    click.echo(invitation_link(settings, make_invitation(settings, email, role=role, countries=(country, *others))))


@contact.command("list")
@AS_JSON
@click.pass_obj
def list_accounts(settings: Settings, as_json: bool) -> None:
    """List every account with its role, countries and state."""
    from ingestion.cli.tables import show
    from ingestion.portal.entrance.accounts import accounts
    from ingestion.store.home import Home

    Home(settings.home).require()
    columns = ("email", "role", "countries", "state", "account_id")
    lines = [[each[column] for column in columns] for each in accounts(settings)]
    show(columns, lines, as_json=as_json, if_none="Nobody is invited yet. `pcm contact invite LU EMAIL` makes a link.")


@contact.command()
@EMAIL
@click.pass_obj
def disable(settings: Settings, email: str) -> None:
    """Shut EMAIL out at once, with all sessions and tokens."""
    from ingestion.portal.entrance.accounts import disable as shut_out

    shut_out(settings, email)
    click.echo(f"{email} can no longer come in.")


@contact.command()
@EMAIL
@click.pass_obj
def token(settings: Settings, email: str) -> None:
    """Print a new token for the programs of EMAIL; it is valid for a year and replaces the one before."""
    from ingestion.portal.entrance.accounts import new_token

    click.echo(new_token(settings, email))


@contact.command("four-eyes")
@click.argument("country", type=country_code, metavar="COUNTRY")
@click.argument("state", type=click.Choice(["on", "off"]))
@click.pass_obj
def four_eyes(settings: Settings, country: str, state: str) -> None:
    """Let an approver of COUNTRY approve what its contacts send, before it is taken in (on), or no more (off)."""
    from ingestion.portal.sending.four_eyes import set_four_eyes

    set_four_eyes(settings, country, is_asked=state == "on")
    click.echo(f"{country}: {'a second person approves what is sent' if state == 'on' else 'contacts send alone'}.")


@contact.command("log")
@AS_JSON
@click.pass_obj
def show_log(settings: Settings, as_json: bool) -> None:
    """Show the audit log, after checking that no line of it was changed."""
    from ingestion.cli.tables import show
    from ingestion.ledger.audit_log import audit_lines, broken_line
    from ingestion.store.home import Home

    Home(settings.home).require()
    columns = ("sequence_number", "recorded_at", "account_id", "action", "subject", "details", "hash")
    lines = [[line[column] for column in columns] for line in audit_lines(settings)]
    show(columns, lines, as_json=as_json, if_none="Nothing is recorded yet.")
    if (number := broken_line(settings)) is not None:
        click.echo(f"The log was changed at line {number}: it no longer has the hash that it had.", err=True)
        raise click.exceptions.Exit(1)
