"""`pcm token`: who may ask the SQL door."""

import click

from ingestion.settings import Settings


@click.group()
def token() -> None:
    """Make, list and take back the tokens of the SQL door."""


@token.command()
@click.argument("name")
@click.pass_obj
def create(settings: Settings, name: str) -> None:
    """Make a token for NAME; it is shown now and never again."""
    from ingestion.doors.tokens import create_token

    click.echo(create_token(settings, name))


@token.command("list")
@click.pass_obj
def list_tokens(settings: Settings) -> None:
    """List who has a token."""
    from ingestion.cli.tables import show
    from ingestion.doors.tokens import token_names

    none = "Nobody has a token. `pcm token create NAME` makes one."
    show(("name", "created_at"), token_names(settings), as_json=False, if_none=none)


@token.command()
@click.argument("name")
@click.pass_obj
def revoke(settings: Settings, name: str) -> None:
    """Take back the token of NAME."""
    from ingestion.doors.tokens import revoke_token

    revoke_token(settings, name)
    click.echo(f"The token of {name} opens nothing any more.")
