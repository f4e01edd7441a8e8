"""Draw the site of a release: static pages, the same bytes for the same release."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from dashboards import words
from dashboards.charts import Chart
from dashboards.figures import Release
from dashboards.pages import (
    about,
    compare,
    completeness,
    countries,
    country,
    downloads,
    gaps,
    indicator,
    methods,
    overview,
    quality,
    releases,
    rules,
)
from dashboards.pages import theme as theme_page
from dashboards.reading import read_release
from ingestion.disclosure.scan import scan_pages
from ingestion.errors import PcmError
from ingestion.release.verify import verify
from ingestion.settings import Settings
from ingestion.store.atomic import read_json, remove_leftovers, settle_folder, temporary_beside
from ingestion.store.home import Home
from ingestion.store.locks import exclusively

FOLDER = Path(__file__).resolve().parent
LANGUAGE = "en"
# From /r/<release>/en/ to /data/<release>/, where the release's files are served.
DATA_FROM_LANGUAGE = "../../../data"


def render_release(settings: Settings, release_id: str) -> Path:
    """Draw the site of a published release if it has none, and return its folder.

    Errors: `PcmError` when a file of the release is not as it was published.
    """
    home = Home(settings.home)
    folder = home.releases / release_id
    site_folder = folder / "site"
    with exclusively(home.lock("site")):
        remove_leftovers(folder)
        if not site_folder.is_dir():
            problems = verify(folder)
            if problems:
                raise PcmError(f"The site of release {release_id} is not drawn. {problems[0]}")
            temporary = temporary_beside(site_folder)
            try:
                render_site(folder, temporary, settings.region_shapes)
                _require_nothing_hidden(home, folder, temporary)
                settle_folder(temporary, site_folder)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
    return site_folder


def _require_nothing_hidden(home: Home, folder: Path, site_folder: Path) -> None:
    """Scan the pages like the release itself, as long as the build is there that knows what is hidden."""
    warehouse = home.builds / read_json(folder / "release.json")["build_id"] / "warehouse.duckdb"
    found = scan_pages(site_folder, warehouse) if warehouse.exists() else []
    if found:
        raise PcmError("Something hidden stands in the pages; they are not shown.\n" + "\n".join(found))


def render_site(release_folder: Path, site_folder: Path, region_shapes: str = "") -> None:
    """Write the pages of a release into `site_folder`; reads only the release (and shapes of regions, if any)."""
    release = read_release(release_folder, region_shapes)
    environment = _environment(release)
    for path, template, context in _pages(release):
        _write(site_folder / LANGUAGE / path, _page(environment, release, path, template, context))
        for chart in context.get("charts", ()):
            _write(site_folder / LANGUAGE / "charts" / f"{chart.address}.svg", chart.file(_source(release, chart)))
            _write(site_folder / "charts" / f"{chart.address}.csv", chart.csv)
    for path, content in rules.files(release):
        _write(site_folder / path, content)
    style = (FOLDER / "assets" / "style.css").read_text(encoding="utf-8")
    _write(site_folder / "assets" / "style.css", style + _highlight_rules(release))


def _highlight_rules(release: Release) -> str:
    """Return the rules that bring out the chosen country in all charts of a page, without a script."""
    chosen = [f'main:has(option[value="{code}"]:checked) .c-{code}' for code in release.countries]
    words, marks = (",\n".join(f"{each} {part}" for each in chosen) for part in ("text", ":is(path, rect)"))
    return (
        "\n/* The chosen country in all charts */\n"
        f"{words} {{ fill: #8a2b06; font-weight: 700; text-decoration: underline; }}\n"
        f"{marks} {{ stroke: #b45309; stroke-width: 3; }}\n"
    )


def _write(target: Path, content: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.encode("utf-8"))


def _page(environment: jinja2.Environment, release: Release, path: str, template: str, context: dict[str, Any]) -> str:
    depth = path.count("/")
    here = {
        "page": template,
        "page_path": f"{LANGUAGE}/{path}",
        "root": "../" * depth,
        "data": f"{'../' * depth}{DATA_FROM_LANGUAGE}/{release.release_id}/",
        "has_synthetic": release.facts["is_synthetic_share"] > 0,
    }
    return environment.get_template(f"{template}.html").render(here | context)


def _source(release: Release, chart: Chart) -> str:
    """Return the line below a chart that stands alone."""
    said = f"PCM Observatory, release {release.release_id}, {_day(release.facts['published_at'])}."
    return f"{said} Synthetic figures: they say nothing about any country." if chart.is_synthetic else said


def _pages(release: Release) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Return (path, template, what it shows) of every page."""
    yield "index.html", "overview", overview.context(release)
    yield "countries.html", "countries", countries.context(release)
    yield "compare.html", "compare", compare.context(release)
    yield "completeness.html", "completeness", completeness.context(release)
    yield "quality.html", "quality", quality.context(release)
    yield "methods.html", "methods", methods.context(release)
    yield "downloads.html", "downloads", downloads.context(release)
    yield "releases.html", "releases", releases.context(release)
    yield "accessibility.html", "accessibility", {}
    yield "about.html", "about", about.context(release)
    for dimension in release.dimensions.values():
        yield gaps.page_name(release, dimension), "gaps", gaps.context(release, dimension)
    for theme in release.themes:
        if release.series_of(theme):
            yield f"theme/{theme.theme_code}.html", "theme", theme_page.context(release, theme)
    for each in release.countries.values():
        yield f"country/{each.country_code}.html", "country", country.context(release, each)
    for listed in release.series.values():
        for series in listed:
            yield f"indicator/{series.page_name}.html", "indicator", indicator.context(release, series)


def _environment(release: Release) -> jinja2.Environment:
    environment = _templates().overlay()
    environment.globals = environment.globals | {
        "facts": release.facts,
        "release_id": release.release_id,
        "round": release.round,
        "round_name": release.round["name"],
        "published_on": _day(release.facts["published_at"]),
        "all_countries": list(release.countries.values()),
        "country_codes": {code: each.country_name for code, each in release.countries.items()},
        "flags": _flags(release),
    }
    return environment


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"observed": words.observed, "table_rows": words.table_rows}
    return environment


def _flags(release: Release) -> list[tuple[str, str]]:
    """Return the letters that mark figures of this release, with what they mean."""
    return [
        ("u", "low reliability: fewer cases than the indicator's minimum"),
        *(
            (code.lower(), label)
            for code, label in release.flags.items()
            if code not in (words.PLAIN_OBS_STATUS, words.LOW_RELIABILITY_FLAG.upper())
        ),
    ]


def _day(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%-d %B %Y}"
