"""`pcm check` and `pcm submit`: one file, from its sender's side."""

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ingestion.cli.typed import country_code
from ingestion.errors import UsageError
from ingestion.settings import Settings

if TYPE_CHECKING:
    from ingestion.languages import Language
    from ingestion.markup import Fix, Fixed

EXIT_CODES = {"accepted": 0, "accepted_with_warnings": 0, "held": 1, "refused": 1, "unreadable": 2}
FORMATS = ["text", "json", "csv", "html", "xlsx"]
FILE = click.argument("file", type=click.Path(path_type=Path))
COUNTRY = click.option(
    "--country", type=country_code, metavar="CC", required=True, help="Country that sends the file, for example LU."
)
LANG = click.option("--lang", metavar="XX", help="Language of the answer, for example fr [default: the terminal's].")


@click.command()
@FILE
@COUNTRY
@click.option("--format", "kind", type=click.Choice(FORMATS), default="text", show_default=True)
@LANG
@click.option("--out", type=click.Path(path_type=Path), help="Write the answer, or with --fix the copy, to this file.")
@click.option(
    "--fix", "is_fix", is_flag=True, help="Write a copy of FILE with the certain corrections made, and list them."
)
@click.pass_obj
def check(
    settings: Settings, file: Path, country: str, kind: str, lang: str | None, out: Path | None, is_fix: bool
) -> None:
    """Examine FILE exactly as the observatory would, and send nothing.

    The format xlsx gives your own workbook back, its cells marked and commented, with a sheet of issues.
    """
    _require(file, country)
    from ingestion.checks.desk import examine
    from ingestion.languages import language_for, terminal_language
    from ingestion.receipts import localise

    language = language_for(lang or terminal_language(os.environ))
    with tempfile.TemporaryDirectory() as work_folder:
        result = examine(file, country_code=country, work_folder=Path(work_folder), settings=settings)
    localised = localise(result, language)
    if is_fix:
        _write_fixed(file, localised, language, out=out, as_json=kind == "json")
    elif kind == "xlsx":
        _write_marked(file, localised, language, out=out)
    else:
        _answer(_written(localised, language, kind=kind), out)
    raise click.exceptions.Exit(EXIT_CODES[result["verdict"]])


@click.command()
@FILE
@COUNTRY
@click.option("--by", "sender", metavar="NAME", help="Who sends it, as the receipt is to say it.")
@click.pass_obj
def submit(settings: Settings, file: Path, country: str, sender: str | None) -> None:
    """Send FILE: keep it, check it, answer it. Its figures count from the next release on."""
    _require(file, country)
    from ingestion.intake import process_submission, receive
    from ingestion.languages import language_for, terminal_language
    from ingestion.ledger.four_eyes import asks_second_person
    from ingestion.receipts import as_text, localise
    from ingestion.store.home import Home

    Home(settings.home).create()
    if asks_second_person(settings, country):
        raise UsageError(f"In {country} a second person approves what is sent: upload the file at the portal.")
    submission_id = receive(settings, file, country_code=country, arrived_via="command line", sender=sender)
    receipt = process_submission(settings, submission_id)
    language = language_for(terminal_language(os.environ))
    click.echo(as_text(localise(receipt, language), language))
    click.echo(f"Receipt: {Home(settings.home).received / submission_id / 'receipt.html'}")
    raise click.exceptions.Exit(EXIT_CODES[receipt["verdict"]])


@click.command("verify-receipt")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def verify_receipt(file: Path) -> None:
    """Check offline that a receipt from the portal (HTML, JSON or PDF) is as it was given, and so is its proof.

    Of a PDF, what is checked is the receipt that is attached to it.
    """
    from ingestion.portal.correspondence.proof import receipt_inside
    from ingestion.portal.correspondence.proof import verify_receipt as verify

    proof, problems = verify(file)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.exceptions.Exit(1)
    click.echo(
        f"{proof['subject']}: the receipt is as it was recorded at {proof['recorded_at']}, "
        f"line {proof['sequence_number']} of the audit log, hash {proof['hash']}. Whether the log has this line, a "
        "steward sees by its hash: pcm contact log."
    )
    if inside := receipt_inside(file.read_bytes()):
        receipt = json.loads(inside)["receipt"]
        rows = ", ".join(f"{name} {count}" for name, count in receipt["rows"].items())
        click.echo(f"The pages of the PDF must say the same as the receipt inside: {receipt['verdict']}; rows {rows}.")


def _require(file: Path, country: str) -> None:
    from ingestion.catalogue import require_on_roster

    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    require_on_roster(country)


def _written(result: dict[str, Any], language: "Language", *, kind: str) -> str:
    if kind == "json":
        return json.dumps(result, ensure_ascii=False, indent=1)
    if kind == "csv":
        from ingestion.markup.findings_csv import findings_csv

        return findings_csv(result).removesuffix("\n")
    from ingestion.receipts import as_text, render

    return render(result, language) if kind == "html" else as_text(result, language)


def _answer(text: str, out: Path | None) -> None:
    if out:
        out.write_text(text + "\n", encoding="utf-8", newline="")
    else:
        click.echo(text)


def _write_marked(file: Path, result: dict[str, Any], language: "Language", *, out: Path | None) -> None:
    from ingestion.markup import mark_up
    from ingestion.store.atomic import write_bytes

    target = out or file.with_name(f"{file.stem}.marked.xlsx")
    write_bytes(target, mark_up(file, result, say=language.say))
    click.echo(str(target))


def _write_fixed(file: Path, result: dict[str, Any], language: "Language", *, out: Path | None, as_json: bool) -> None:
    """Write the corrected copy beside the file, whose own name stays, and say what is different in it.

    Where nothing is certain there is no copy: it would be the same file under another name.
    """
    from ingestion.markup import fix_file, fixes_of
    from ingestion.store.atomic import write_bytes

    fixed = fix_file(file, fixes_of(result), country_code=result["submission"]["country_code"])
    target = (out or file.with_name(f"{file.stem}.fixed{fixed.ending}")) if fixed.applied else None
    if target:
        write_bytes(target, fixed.content)
    if as_json:
        left_out = [{**_described(each.fix), "reason": language.say(each.reason)} for each in fixed.not_applied]
        shown = {
            "file": target and str(target),
            "applied": [_described(fix) for fix in fixed.applied],
            "not_applied": left_out,
        }
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(_fix_lines(target, fixed, language)))


def _described(fix: "Fix") -> dict[str, Any]:
    return {
        "rule": fix.rule,
        "sheet": fix.sheet,
        "cell": fix.cell,
        "column": fix.column,
        "old": fix.old,
        "new": fix.new,
    }


def _fix_lines(target: Path | None, fixed: "Fixed", language: "Language") -> list[str]:
    say = language.say
    lines = [say("Nothing can be corrected for certain, so there is no copy.")]
    if target:
        count = language.say_count("{count} certain correction", "{count} certain corrections", len(fixed.applied))
        lines = [f"{count}: {target}"]
    lines += [
        f"  {fix.cell}: {fix.old or say('empty')} → {fix.new or say('empty')} [{fix.rule}]" for fix in fixed.applied
    ]
    if fixed.not_applied:
        lines.append(say("Left as they are:"))
        lines += [f"  {each.fix.cell}: {say(each.reason)} [{each.fix.rule}]" for each in fixed.not_applied]
    if target:
        lines.append(say("Everything else is as it was. Check the copy before you send it."))
    return lines
