"""`pcm check` and `pcm submit`: one file, from its sender's side."""

import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from ingestion.errors import UsageError
from ingestion.settings import Settings

EXIT_CODES = {"accepted": 0, "accepted_with_warnings": 0, "held": 1, "refused": 1, "unreadable": 2}
FILE = click.argument("file", type=click.Path(path_type=Path))

LANG = click.option("--lang", metavar="XX", help="Language of the answer, for example fr [default: the terminal's].")


@click.command()
@FILE
@click.option("--country", metavar="CC", required=True, help="Country that sends the file, for example LU.")
@click.option("--format", "kind", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@LANG
@click.option("--out", type=click.Path(path_type=Path), help="Write the answer to this file instead of the terminal.")
@click.pass_obj
def check(settings: Settings, file: Path, country: str, kind: str, lang: str | None, out: Path | None) -> None:
    """Examine FILE exactly as the observatory would, and send nothing."""
    _require(file, country)
    from ingestion.checks.desk import examine
    from ingestion.languages import language_for, terminal_language
    from ingestion.receipts import as_text, localise, render

    with tempfile.TemporaryDirectory() as work_folder:
        result = examine(file, country_code=country, work_folder=Path(work_folder), settings=settings)
    language = language_for(lang or terminal_language(os.environ))
    localised = localise(result, language)
    writers = {
        "json": lambda: json.dumps(localised, ensure_ascii=False, indent=1),
        "html": lambda: render(localised, language),
    }
    answer = writers.get(kind, lambda: as_text(localised, language))()
    if out:
        out.write_text(answer + "\n", encoding="utf-8")
    else:
        click.echo(answer)
    raise click.exceptions.Exit(EXIT_CODES[result["verdict"]])


@click.command()
@FILE
@click.option("--country", metavar="CC", required=True, help="Country that sends the file, for example LU.")
@click.pass_obj
def submit(settings: Settings, file: Path, country: str) -> None:
    """Send FILE: keep it, check it, answer it. Its figures count from the next release on."""
    _require(file, country)
    from ingestion.intake import process_submission, receive
    from ingestion.languages import language_for, terminal_language
    from ingestion.receipts import as_text, localise
    from ingestion.store.home import Home

    Home(settings.home).create()
    submission_id = receive(settings, file, country_code=country, arrived_via="command line")
    receipt = process_submission(settings, submission_id)
    language = language_for(terminal_language(os.environ))
    click.echo(as_text(localise(receipt, language), language))
    click.echo(f"Receipt: {Home(settings.home).received / submission_id / 'receipt.html'}")
    raise click.exceptions.Exit(EXIT_CODES[receipt["verdict"]])


def _require(file: Path, country: str) -> None:
    from ingestion.catalogue import roster_countries

    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    known = roster_countries(datetime.now(UTC).date())
    if country not in known:
        raise UsageError(f"{country} is not on the roster. Countries: {' '.join(known)} (Greece is EL).")
