"""The page of rules: what every file is checked by, as the registry stood in the release."""

from collections.abc import Iterator

from dashboards.figures import Release
from dashboards.speech import spoken
from ingestion.receipts.rules_page import rules_as_csv, rules_as_page
from ingestion.receipts.templates import TEMPLATE_FOLDER


def files(release: Release) -> Iterator[tuple[str, str]]:
    """Yield (path below the folder of the language, content) of page, style and table.

    The style is a file, because the site's policy refuses one that stands in a page.
    """
    version, language = release.release_id, spoken()
    page = rules_as_page(release.rules, rules_version=version, language=language, style_href="rules.css")
    yield "rules.html", page
    yield "rules.css", (TEMPLATE_FOLDER / "rules.css").read_text(encoding="utf-8")
    yield "rules.csv", rules_as_csv(release.rules, rules_version=version, language=language)
