"""The command line's group of commands, its settings and its errors."""

import sys
import traceback

import click

from ingestion.cli.brief import brief
from ingestion.cli.care import backup, doctor, fetch, restore
from ingestion.cli.contact import contact
from ingestion.cli.disclosure import audit, protect
from ingestion.cli.estimates import estimates
from ingestion.cli.files import check, submit, verify_receipt
from ingestion.cli.measures import measures
from ingestion.cli.releases import releases, sql, verify
from ingestion.cli.remind import remind
from ingestion.cli.replay import replay
from ingestion.cli.rules import rules
from ingestion.cli.running import demo, run, status, up
from ingestion.cli.steward import (
    approve,
    count_again,
    drafts,
    justify,
    refuse,
    release_hold,
    rollback,
    set_aside,
    waive,
    withdraw,
)
from ingestion.cli.template import template
from ingestion.cli.tidy import tidy
from ingestion.cli.tokens import token
from ingestion.cli.vintages import diff, explain
from ingestion.errors import PcmError, is_disk_full, sentence_for
from ingestion.logs import set_up_logging
from ingestion.settings import load_settings

OWN_FAULT = 3


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.option("--home", metavar="DIR", help="The observatory's home folder [default: $PCM_HOME or ./.pcm].")
@click.pass_context
def pcm(context: click.Context, home: str | None) -> None:
    """PCM Observatory: national files in, gated releases of access-and-equity metrics out.

    Exit codes: 0 done or accepted, 1 refused or held, 2 usage or unreadable, 3 our own fault.
    """
    context.obj = load_settings(home=home)
    set_up_logging(context.obj)


for command in (
    demo,
    up,
    run,
    status,
    template,
    check,
    submit,
    verify_receipt,
    contact,
    remind,
    replay,
    rules,
    releases,
    sql,
    verify,
    diff,
    explain,
    drafts,
    approve,
    refuse,
    withdraw,
    rollback,
    set_aside,
    count_again,
    waive,
    release_hold,
    justify,
    measures,
    estimates,
    protect,
    audit,
    brief,
    token,
    backup,
    restore,
    fetch,
    doctor,
    tidy,
):
    pcm.add_command(command)


def main() -> None:
    """Run the command line; every error that people can act on ends in one sentence, not in a traceback."""
    try:
        # Outside its stand-alone mode click returns the exit code of a command that ended with one.
        sys.exit(pcm.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except PcmError as error:
        _say(str(error))
        sys.exit(error.exit_code)
    except Exception as error:
        if not isinstance(error, OSError) and not is_disk_full(error):
            traceback.print_exc()  # a fault of ours: whoever mends it needs the place
        _say(sentence_for(error))
        sys.exit(OWN_FAULT)


def _say(sentence: str) -> None:
    click.echo(f"pcm: {sentence}", err=True)
