"""`pcm demo`, `pcm up`, `pcm run` and `pcm status`: the observatory at work."""

import click

from ingestion.cli.tables import AS_JSON
from ingestion.settings import Settings


@click.command()
@click.pass_obj
def demo(settings: Settings) -> None:
    """Prepare the demonstration round: one file per country, real context figures, synthetic pilot figures."""
    from ingestion.demo import prepare
    from ingestion.store.home import Home

    home = Home(settings.home).create()
    prepare(home.demo)
    click.echo(f"The demonstration round is in {home.demo}; `pcm up --demo` sends it.")


@click.command()
@click.option("--demo", "play_demo", is_flag=True, help="Send the demonstration round while everything runs.")
@click.option("--once", is_flag=True, help="Stop when the demonstration round is published.")
@click.pass_obj
def up(settings: Settings, play_demo: bool, once: bool) -> None:
    """Serve everything (Airflow, inbox, site, portal) until Ctrl-C."""
    from ingestion.stack.up import up as serve

    raise click.exceptions.Exit(serve(settings, play_demo=play_demo, once=once))


@click.command()
@click.pass_obj
def run(settings: Settings) -> None:
    """Do the whole chain once, without Airflow: claim, check, build, judge, publish, show."""
    from ingestion.cli.chain import run_chain

    run_chain(settings, say=click.echo)


@click.command()
@AS_JSON
@click.pass_obj
def status(settings: Settings, as_json: bool) -> None:
    """Say what arrived, what became of it, what waits and what is wrong."""
    import json

    from ingestion.cli.status import status_text
    from ingestion.status.overview import observatory_status
    from ingestion.store.home import Home

    Home(settings.home).require()
    found = observatory_status(settings)
    click.echo(json.dumps(found, ensure_ascii=False, indent=1) if as_json else status_text(found))
