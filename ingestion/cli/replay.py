"""`pcm replay`: what today's rules would say of files already received."""

import click

from ingestion.cli.tables import AS_JSON
from ingestion.settings import Settings

COLUMNS = ("country_code", "submission_id", "rules_then", "verdict_then", "verdict_now", "more", "fewer")


@click.command()
@click.option("--rules", type=click.Choice(["today"]), default="today", show_default=True, help="Which rules to apply.")
@click.option("--round", "round_id", metavar="R", required=True, help="Round whose files are examined again.")
@AS_JSON
@click.pass_obj
def replay(settings: Settings, rules: str, round_id: str, as_json: bool) -> None:
    """Examine the files of a round again, change nothing, and show what the rules of today would say."""
    from ingestion.cli.tables import show
    from ingestion.intake.replay import replay as examine_again

    found = list(examine_again(settings, round_id=round_id))
    lines = [[_cell(each[column], as_json=as_json) for column in COLUMNS] for each in found]
    none = f"No file was answered while round {round_id} was open, so there is none to examine again."
    show(COLUMNS, lines, as_json=as_json, if_none=none)
    changed = sum(each["verdict_then"] != each["verdict_now"] for each in found)
    if found and not as_json:
        version = found[0]["rules_now"]
        click.echo(f"\n{len(found)} files examined by the rules {version}; {changed} would get another verdict.")


def _cell(value: object, *, as_json: bool) -> object:
    if isinstance(value, dict) and not as_json:
        return ", ".join(f"{rule} {count}" for rule, count in sorted(value.items()))
    return value
