"""The command line's group of commands, its settings and its errors."""

import sys
import traceback
from importlib import import_module

import click

from ingestion.cli.contact import contact
from ingestion.cli.tokens import token
from ingestion.errors import PcmError, is_disk_full, sentence_for
from ingestion.logs import set_up_logging
from ingestion.settings import load_settings

OWN_FAULT = 3
# The modules whose commands are ours; a group brings its own commands.
ROOMS = (
    *("brief", "care", "disclosure", "estimates", "files", "measures", "releases", "remind"),
    *("replay", "rules", "running", "steward", "template", "tidy", "vintages"),
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.option("--home", metavar="DIR", help="The observatory's home folder [default: $PCM_HOME or ./.pcm].")
@click.pass_context
def pcm(context: click.Context, home: str | None) -> None:
    """PCM Observatory: national files in, gated releases of access-and-equity metrics out.

    Exit codes: 0 done or accepted, 1 refused or held, 2 usage or unreadable, 3 our own fault.
    """
    context.obj = load_settings(home=home)
    set_up_logging(context.obj)


for room in ROOMS:
    for each in vars(import_module(f"ingestion.cli.{room}")).values():
        if isinstance(each, click.Command):
            pcm.add_command(each)
for group in (contact, token):
    pcm.add_command(group)


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
