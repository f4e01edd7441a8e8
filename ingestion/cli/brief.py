"""`pcm brief`: the sheets of countries as a PDF."""

from pathlib import Path

import click

from ingestion.cli.typed import country_code
from ingestion.errors import UsageError
from ingestion.settings import Settings


@click.command()
@click.argument("country_codes", metavar="[CC]...", nargs=-1, type=country_code)
@click.option("--all", "is_all", is_flag=True, help="A meeting pack: one sheet for each country.")
@click.option("--release", "release_id", metavar="ID", help="Of this release instead of the current one.")
@click.option("--lang", metavar="XX", help="Language of the sheets, for example fr [default: the terminal's].")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write [default: brief-....pdf].")
@click.pass_obj
def brief(
    settings: Settings,
    country_codes: tuple[str, ...],
    is_all: bool,
    release_id: str | None,
    lang: str | None,
    out: Path | None,
) -> None:
    """Write the brief of each country CC, one A4 sheet for its minister, into one tagged PDF."""
    import os

    from dashboards.briefs import write_brief
    from ingestion.languages import terminal_language
    from ingestion.store.published import current_release_id

    if is_all == bool(country_codes):
        raise UsageError("Name the countries, for example `pcm brief LU`, or --all.")
    language_code = lang or terminal_language(os.environ)
    chosen = release_id or current_release_id(settings)
    target = out or Path(f"brief-{'-'.join(country_codes) or 'all'}-{chosen}-{language_code}.pdf")
    count = write_brief(
        settings, target, release_id=release_id, language_code=language_code, country_codes=country_codes
    )
    click.echo(f"{target}: {count} {'sheet' if count == 1 else 'sheets'}.")
