"""`pcm template`: the workbook that a contact fills in."""

from pathlib import Path

import click

from ingestion.cli.typed import country_code
from ingestion.errors import UsageError
from ingestion.settings import Settings


@click.command()
@click.option(
    "--country", type=country_code, metavar="CC", required=True, help="Country that fills it in, for example LU."
)
@click.option("--round", "round_id", metavar="R", required=True, help="Round that it is for, for example 2026.")
@click.option("--theme", metavar="T", default="", help="One theme only, for example MTB [default: all themes].")
@click.option("--lang", metavar="XX", help="Language of its texts, for example fr [default: the country's first].")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The workbook to write (.xlsx).")
@click.pass_obj
def template(settings: Settings, country: str, round_id: str, theme: str, lang: str | None, out: Path) -> None:
    """Write the workbook to fill in: the rows asked for, drop-downs, definitions, and what was last accepted."""
    from ingestion.languages import country_language, language_for
    from ingestion.store.atomic import write_bytes
    from ingestion.templates import Asked, expected_figures, require_asked
    from ingestion.templates.last_accepted import last_accepted, references
    from ingestion.templates.workbook import template_bytes

    asked = require_asked(Asked(country, round_id, theme))
    if out.suffix.lower() != ".xlsx":
        raise UsageError(f"The template is an Excel workbook: call it {out.with_suffix('.xlsx').name}.")
    figures = expected_figures(asked)
    known = references(last_accepted(settings, country), figures)
    words = language_for(lang or country_language(country))
    write_bytes(out, template_bytes(asked, references=known, words=words, portal=settings.portal_url))
    besides = len(known.keys() - set(figures))
    click.echo(
        f"{out}: {len(figures)} rows to fill, and {besides} of groups that were sent last time besides. "
        f"The last accepted figure stands beside {len(known)} of them."
    )
