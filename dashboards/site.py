"""Draw the site of a release: static pages, the same bytes for the same release."""

import gc
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from dashboards import words
from dashboards.charts import Chart
from dashboards.drafting import Draft, drawn_later, later, say_count_in_page, say_in_page
from dashboards.figures import Release
from dashboards.ordering import each_in_order, sorted_in
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
    parts,
    quality,
    releases,
    reliability,
    rules,
    tables,
)
from dashboards.pages import theme as theme_page
from dashboards.patchy import PatchyLanguage, settled
from dashboards.reading import read_release
from dashboards.sharing import share_out
from dashboards.speech import say, speaking, spoken
from dashboards.translating import in_spoken_language
from ingestion.disclosure.scan import scan_pages
from ingestion.errors import PcmError
from ingestion.family import FAMILY
from ingestion.languages import COMPLETE_LANGUAGES, Language, language_for, translated_languages
from ingestion.release.verify import verify
from ingestion.settings import Settings
from ingestion.store.atomic import read_json, remove_leftovers, settle_folder, temporary_beside
from ingestion.store.home import Home
from ingestion.store.locks import exclusively_everywhere
from ingestion.store.objects import keep

FOLDER = Path(__file__).resolve().parent
# From /r/<release>/<language>/ to /data/<release>/, where the release's files are served.
DATA_FROM_LANGUAGE = "../../../data"
WORTH_A_FORK = 500  # pages, those of all languages together
MOST_PROCESSES = 4  # each holds up to half a gigabyte

Page = tuple[str, str, Callable[[], dict[str, Any]]]  # its path, its template and what makes what it shows


def render_release(settings: Settings, release_id: str) -> Path:
    """Draw the site of a published release if it has none, and return its folder.

    Errors: `PcmError` when a file of the release is not as it was published.
    """
    home = Home(settings.home)
    folder = home.releases / release_id
    site_folder = folder / "site"
    with exclusively_everywhere(settings, "site"):
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
        keep(settings, site_folder)
    return site_folder


def _require_nothing_hidden(home: Home, folder: Path, site_folder: Path) -> None:
    """Scan the pages like the release itself, as long as the build is there that knows what is hidden."""
    warehouse = home.builds / read_json(folder / "release.json")["build_id"] / "warehouse.duckdb"
    found = scan_pages(site_folder, warehouse) if warehouse.exists() else []
    if found:
        raise PcmError("Something hidden stands in the pages; they are not shown.\n" + "\n".join(found))


def site_languages() -> list[Language]:
    """Return the languages of a site: those that are complete, and those whose translation is under way."""
    others = sorted(set(translated_languages()) - set(COMPLETE_LANGUAGES))
    return [*map(language_for, COMPLETE_LANGUAGES), *map(PatchyLanguage, others)]


def render_site(
    release_folder: Path,
    site_folder: Path,
    region_shapes: str = "",
    languages: Sequence[Language] | None = None,
    processes: int | None = None,
) -> None:
    """Write the pages of a release into `site_folder`, in every language.

    Reads only the release (and shapes of regions, if any). The data of the charts are written once, in the first
    language. `processes`: how many draw, by default one for each core, or one for few pages.
    Errors: `RuntimeError` with its traceback when one of the processes fails.
    """
    languages = site_languages() if languages is None else languages
    release = read_release(release_folder, region_shapes)
    draft = Draft("en", languages)
    with _without_collecting_garbage():
        with speaking(draft):
            spoken_release = in_spoken_language(release)
            pages = list(_pages(spoken_release))
            work = partial(_render_pages, spoken_release, site_folder, draft)
            share_out(work, pages, processes or _processes_for(len(pages) * len(languages)))
        for language in languages:
            with speaking(language):
                _render_rules(release, site_folder)
    style = "".join(path.read_text(encoding="utf-8") for path in (FAMILY, FOLDER / "assets" / "style.css"))
    _write(site_folder / "assets" / "style.css", style + _highlight_rules(release))


@contextmanager
def _without_collecting_garbage() -> Iterator[None]:
    """Spare the collector the millions of figures that stay until the end: a quarter of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _processes_for(page_count: int) -> int:
    """Return how many processes draw so many pages; each needs memory of its own, and time until it begins."""
    return 1 if page_count < WORTH_A_FORK else min(os.cpu_count() or 1, MOST_PROCESSES)


def _render_pages(release: Release, site_folder: Path, draft: Draft, pages: Iterable[Page]) -> None:
    environment = _environment(release)
    for path, template, shown in pages:
        context = shown()
        addresses = {"languages": _addresses(draft.languages, path)}
        _write_in_languages(draft, site_folder, path, _page(environment, release, path, template, addresses | context))
        for chart in context.get("charts", ()):
            drawn = chart.file(_source(release, chart))
            _write_in_languages(draft, site_folder, f"charts/{chart.address}.svg", drawn)
            data = chart.csv(lambda text: draft.plain(text, draft.languages[0]))
            _write(site_folder / "charts" / f"{chart.address}.csv", data)


def _write_in_languages(draft: Draft, site_folder: Path, path: str, drawn: str) -> None:
    for language, content in draft.filled(drawn):
        _write(site_folder / language.code / path, sorted_in(content, language.text_code))


def _render_rules(release: Release, site_folder: Path) -> None:
    language = spoken()
    for path, content in rules.files(release):
        _write(site_folder / language.code / path, settled(content))


def _addresses(languages: Sequence[Language], path: str) -> list[tuple[str, str, str]]:
    """Return (code, own name, address from this page) of the same page in every language."""
    up = "../" * (path.count("/") + 1)
    return [(each.code, words.capital(each.own_name), f"{up}{each.code}/{path}") for each in languages]


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
        "address": f"{release.facts.get('site_url', '')}/r/{release.release_id}/{later(_code)}/{path}",
        "root": "../" * depth,
        "data": f"{'../' * depth}{DATA_FROM_LANGUAGE}/{release.release_id}/",
        "has_synthetic": release.facts["is_synthetic_share"] > 0,
        "all_synthetic": False,
    }
    return environment.get_template(f"{template}.html").render(here | context)


def _source(release: Release, chart: Chart) -> str:
    """Return the line below a chart that stands alone."""
    values = {"release": release.release_id, "day": words.day(release.facts["published_at"])}
    if chart.is_synthetic:
        return say(
            "PCM Observatory, release {release}, {day}. Synthetic figures: they say nothing about any country.",
            **values,
        )
    return say("PCM Observatory, release {release}, {day}.", **values)


def _pages(release: Release) -> Iterator[Page]:
    yield "index.html", "overview", partial(overview.context, release)
    yield "countries.html", "countries", partial(countries.context, release)
    yield "compare.html", "compare", partial(compare.context, release)
    yield "completeness.html", "completeness", partial(completeness.context, release)
    yield "quality.html", "quality", partial(quality.context, release)
    yield "methods.html", "methods", methods.context
    yield "downloads.html", "downloads", partial(downloads.context, release)
    yield "releases.html", "releases", partial(releases.context, release)
    yield "accessibility.html", "accessibility", dict
    yield "reliability.html", "reliability", reliability.context
    yield "about.html", "about", partial(about.context, release)
    for dimension in release.dimensions.values():
        yield gaps.page_name(release, dimension), "gaps", partial(gaps.context, release, dimension)
    for theme in release.themes:
        if release.series_of(theme):
            yield f"theme/{theme.theme_code}.html", "theme", partial(theme_page.context, release, theme)
    for each in release.countries.values():
        yield f"country/{each.country_code}.html", "country", partial(country.context, release, each)
    for listed in release.series.values():
        for series in listed:
            yield f"indicator/{series.page_name}.html", "indicator", partial(indicator.context, release, series)


def _environment(release: Release) -> jinja2.Environment:
    environment = _templates().overlay()
    environment.globals = environment.globals | {
        "text_code": later(_text_code),
        "aria_current": lambda code: Markup(drawn_later(_aria_current, code)),
        "say": say_in_page,
        "say_count": say_count_in_page,
        "synthetic_mark": parts.mark(parts.SYNTHETIC).lstrip(),
        "facts": release.facts,
        "release_id": release.release_id,
        "licence_link": parts.licence_link(release),
        "contact_link": parts.contact_link(release),
        "is_reference_roster": release.is_reference_roster,
        "round_name": release.round["name"],
        "opens_on": words.day(release.round["opens_on"]),
        "closes_on": words.day(release.round["closes_on"]),
        "published_on": words.day(release.facts["published_at"]),
        "each_in_order": each_in_order,
        "named_countries": [(each.country_name, each) for each in release.countries.values()],
        "country_codes": {code: each.country_name for code, each in release.countries.items()},
        "flags": parts.flags(release),
    }
    return environment


def _code() -> str:
    return spoken().code


def _text_code() -> str:
    return spoken().text_code


def _aria_current(code: str) -> str:
    return ' aria-current="true"' if code == spoken().code else ""


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {
        "capital": words.capital,
        "lower_first": words.lower,
        "number": words.number,
        "observed": words.observed,
        "table_rows": tables.table_rows,
    }
    return environment
