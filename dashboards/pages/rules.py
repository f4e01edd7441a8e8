"""The page of rules: what every file is checked by, as the registry stood in the release, in every language."""

from collections.abc import Iterator

from dashboards.figures import Release
from ingestion.languages import COMPLETE_LANGUAGES, language_for
from ingestion.receipts.rules_page import rules_as_csv, rules_as_page


def files(release: Release) -> Iterator[tuple[str, str]]:
    """Yield (path below the site, content) of the page and of the table in each language that is complete."""
    for code in COMPLETE_LANGUAGES:
        language, version = language_for(code), release.release_id
        yield f"{code}/rules.html", rules_as_page(release.rules, rules_version=version, language=language)
        yield f"{code}/rules.csv", rules_as_csv(release.rules, rules_version=version, language=language)
