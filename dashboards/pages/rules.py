"""The page of rules: what every file is checked by, as the registry stood in the release, in every language."""

from collections.abc import Iterator

from dashboards.figures import Release
from ingestion.languages import COMPLETE_LANGUAGES, language_for
from ingestion.receipts.rules_page import rules_as_csv, rules_as_page
from ingestion.receipts.templates import TEMPLATE_FOLDER


def files(release: Release) -> Iterator[tuple[str, str]]:
    """Yield (path below the site, content) of page, style and table in each language that is complete.

    The style is a file, because the site's policy refuses one that stands in a page.
    """
    style = (TEMPLATE_FOLDER / "rules.css").read_text(encoding="utf-8")
    for code in COMPLETE_LANGUAGES:
        language, version = language_for(code), release.release_id
        page = rules_as_page(release.rules, rules_version=version, language=language, style_href="rules.css")
        yield f"{code}/rules.html", page
        yield f"{code}/rules.css", style
        yield f"{code}/rules.csv", rules_as_csv(release.rules, rules_version=version, language=language)
