"""What stands wherever a withdrawn release is read."""

from datetime import datetime

from ingestion.languages import language_for, phrase
from ingestion.settings import Settings
from ingestion.store.published import withdrawal

WITHDRAWN = phrase("Release {release} was withdrawn on {day}: {reason}")


def withdrawal_notice(settings: Settings, release_id: str, language_code: str = "en") -> str:
    """Return the sentence, with the reason in the steward's own words; nothing when the release stands."""
    found = withdrawal(settings, release_id)
    if found is None:
        return ""
    day = datetime.fromisoformat(found["withdrawn_at"]).date()
    return language_for(language_code).say(WITHDRAWN, release=release_id, day=day, reason=found["reason"])
