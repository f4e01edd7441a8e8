"""`pcm rules`: what is checked, for people and as CSV."""

import os
from collections.abc import Callable
from pathlib import Path

import click


@click.command()
@click.option("--format", "kind", type=click.Choice(["text", "html", "csv"]), default="text", show_default=True)
@click.option("--lang", metavar="XX", help="Language of the rules, for example fr [default: the terminal's].")
@click.option("--out", type=click.Path(path_type=Path), help="Write the rules to this file instead of the terminal.")
def rules(kind: str, lang: str | None, out: Path | None) -> None:
    """Show every rule that a file is checked by: its sentence, what to do, examples, since when."""
    from ingestion.catalogue import rows
    from ingestion.checks.registry import rules_version
    from ingestion.languages import language_for, terminal_language
    from ingestion.receipts import rules_page

    writers: dict[str, Callable[..., str]] = {
        "text": rules_page.rules_as_text,
        "html": rules_page.rules_as_page,
        "csv": rules_page.rules_as_csv,
    }
    language = language_for(lang or terminal_language(os.environ))
    text = writers[kind](rows("checks"), rules_version=rules_version(), language=language).rstrip("\n")
    if out:
        out.write_text(text + "\n", encoding="utf-8")
    else:
        click.echo(text)
