"""What stands wherever a release is read that was withdrawn, or that is not the one to read today.

A published folder never changes: whoever shows a page of it puts the notice on top.
"""

import re
from collections.abc import Callable
from datetime import datetime
from html import escape
from pathlib import Path

from ingestion.languages import language_for, phrase
from ingestion.settings import Settings
from ingestion.store.published import current_release_id, release_ids, withdrawal

WITHDRAWN = phrase("Release {release} was withdrawn on {day}: {reason}")
NEWER = phrase("A newer release exists: {release}")
CURRENT = phrase("The current release is {release}")
LABEL = phrase("This release")
# Its look is not that of the page below it: the style sheet of a published release never changes either.
STYLE = Path(__file__).with_name("notice.css")
STYLE_ADDRESS = "/notice.css"
# Below the masthead where there is one; the link past the menu stays the first of a page.
TOP = re.compile(r"<body[^>]*>(?:.*?</header>)?", re.DOTALL)


def withdrawal_notice(settings: Settings, release_id: str, language_code: str = "en") -> str:
    """Return the sentence, with the reason in the steward's own words; nothing when the release stands."""
    found = withdrawal(settings, release_id)
    if found is None:
        return ""
    day = datetime.fromisoformat(found["withdrawn_at"]).date()
    return language_for(language_code).say(WITHDRAWN, release=release_id, day=day, reason=found["reason"])


def release_notice(
    settings: Settings, release_id: str, language_code: str = "en", address_in: Callable[[str], str] | None = None
) -> str:
    """Return what stands on top of the pages of a release, as HTML; nothing for the current one if it stands.

    `address_in` gives the address of the same page in another release; without it nothing leads there (on paper).
    """
    current = current_release_id(settings)
    withdrawn = withdrawal_notice(settings, release_id, language_code)
    parts = [f"<p><strong>{escape(withdrawn)}</strong></p>"] if withdrawn else []
    if current and current != release_id:
        words = escape(_elsewhere(settings, release_id, current, language_code))
        parts.append(f'<p><a href="{escape(address_in(current))}">{words}</a></p>' if address_in else f"<p>{words}</p>")
    if not parts:
        return ""
    label = escape(language_for(language_code).say(LABEL))
    look = "notice withdrawn" if withdrawn else "notice"
    return f'<aside class="{look}" aria-label="{label}"><div class="wide">{"".join(parts)}</div></aside>'


def _elsewhere(settings: Settings, release_id: str, current: str, language_code: str) -> str:
    """Return the sentence that names the current release, which is an earlier one after a rollback."""
    known = release_ids(settings)
    text = NEWER if known.index(current) > known.index(release_id) else CURRENT
    return language_for(language_code).say(text, release=current)


def with_notice(page: str, notice: str) -> str:
    """Return a page with the notice on top."""
    return TOP.sub(lambda top: top[0] + notice, page, count=1)


def with_styled_notice(page: str, notice: str) -> str:
    """Return a page of the site with the notice on top, and the style sheet of notices."""
    return with_notice(page, f'<link rel="stylesheet" href="{STYLE_ADDRESS}">{notice}') if notice else page
