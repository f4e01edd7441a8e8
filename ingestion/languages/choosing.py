"""Which language a reader reads: as asked for, as the country speaks, or as the terminal is set."""

from collections.abc import Mapping
from functools import cache

from ingestion.catalogue import rows
from ingestion.errors import UsageError
from ingestion.languages.catalogues import translated_languages
from ingestion.languages.language import SOURCE_CODE, Language

# Every text of these is translated, which a test holds; others may be under way.
COMPLETE_LANGUAGES = (SOURCE_CODE, "de", "es", "fr", "it", "pl")
# Norwegian has two written forms and a code for both together; whoever names either gets the common one.
SAME_LANGUAGE = {"no": "nb", "nn": "nb"}


def known_languages() -> list[str]:
    """Return the codes of the languages of all countries in the catalogue, and of all translations."""
    spoken = {SAME_LANGUAGE.get(code, code) for row in rows("countries") for code in row["languages"].split("|")}
    return sorted(spoken | {SOURCE_CODE, *translated_languages()})


def language_for(code: str | None) -> Language:
    """Return the language of a code such as fr, fr_LU or fr-LU; English for none.

    Errors: `UsageError` for a code that names no language we know.
    """
    base = _base(code or SOURCE_CODE)
    if base not in known_languages():
        raise UsageError(f"{code} is not a language we know. Languages: {' '.join(known_languages())}.")
    return _language(base)


def country_language(country_code: str) -> str:
    """Return the first language of a country of the catalogue; English for a country that is not there."""
    languages = {row["country_code"]: row["languages"] for row in rows("countries")}
    return _base(languages.get(country_code, SOURCE_CODE).split("|")[0])


def terminal_language(environ: Mapping[str, str]) -> str:
    """Return the language that the terminal is set to, in gettext's order; English where it says none we know."""
    asked = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), SOURCE_CODE)
    base = _base(asked)
    return base if base in known_languages() else SOURCE_CODE


@cache
def _language(code: str) -> Language:
    return Language(code)


def _base(code: str) -> str:
    base = code.replace("-", "_").split("_")[0].split(".")[0].split("@")[0].lower()
    return SAME_LANGUAGE.get(base, base)
