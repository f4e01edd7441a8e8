"""Read a translation, `po/<language>.po`. A message without a translation, or with a doubtful one, stays English."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

PO_FOLDER = Path(__file__).resolve().parent / "po"


def translated_languages() -> list[str]:
    """Return the codes of the languages that have a file."""
    return sorted(path.stem for path in PO_FOLDER.glob("*.po"))


@cache
def translations_of(code: str) -> NullTranslations | None:
    """Return the translation into a language, or None where there is no file."""
    path = PO_FOLDER / f"{code}.po"
    return read_translations(path) if path.is_file() else None


def read_translations(path: Path) -> NullTranslations:
    """Return the translations of one file, ready to be asked; fuzzy ones are left out."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=path.stem)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
