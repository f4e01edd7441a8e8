"""The page of rules: what every file is checked by, as the registry stood in the release."""

from collections.abc import Iterator

from dashboards.figures import Release
from dashboards.speech import spoken
from ingestion.receipts.rules_page import rules_as_csv, rules_as_page


def files(release: Release) -> Iterator[tuple[str, str]]:
    """Yield (path below the folder of the language, content) of the page and of the table."""
    version, language = release.release_id, spoken()
    yield "rules.html", rules_as_page(release.rules, rules_version=version, language=language)
    yield "rules.csv", rules_as_csv(release.rules, rules_version=version, language=language)
