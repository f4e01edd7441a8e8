"""Read a translation, `po/<language>.po`. A message without a translation, or with a doubtful one, stays English.

The reader is our own because Babel's takes a tenth of a second, and a command answers within a second; a test holds
that both read the same. Format: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from gettext import c2py
from pathlib import Path

PO_FOLDER = Path(__file__).resolve().parent / "po"
ENTRY_GAP = re.compile(r"\n[ \t]*\n")
FUZZY = re.compile(r"^#,.*\bfuzzy\b", re.M)
FIELD = re.compile(r'^(msgid|msgid_plural|msgstr(?:\[\d\])?)[ \t]+(".*"(?:\n[ \t]*".*")*)', re.M)
LINE_JOINT = re.compile(r'"\n[ \t]*"')
ESCAPE = re.compile(r"\\(.)")
ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}
ENGLISH_FORM = c2py("n != 1")
PLURAL_RULE = re.compile(r"^Plural-Forms:.*\bplural=([^;\n]+)", re.M)


@dataclass(frozen=True)
class Catalogue:
    """The translated texts of one language; a text with plurals has one translation for each form."""

    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    plural_form: Callable[[int], int] = ENGLISH_FORM

    def one(self, text: str) -> str:
        """Return the translation of a text, or the text."""
        return self.texts.get(text, (text,))[0]

    def counted(self, one: str, many: str, count: int) -> str:
        """Return the translation of a text with plurals in the form for a count."""
        if one not in self.texts:
            return (one, many)[ENGLISH_FORM(count)]
        return self.texts[one][self.plural_form(count)]


def translated_languages() -> list[str]:
    """Return the codes of the languages that have a file."""
    return sorted(path.stem for path in PO_FOLDER.glob("*.po"))


@cache
def catalogue_of(code: str) -> Catalogue | None:
    """Return the translation into a language, or None where there is no file."""
    path = PO_FOLDER / f"{code}.po"
    return read_catalogue(path) if path.is_file() else None


def read_catalogue(path: Path) -> Catalogue:
    """Return the translations of one file, without the doubtful (fuzzy) and the missing ones."""
    texts: dict[str, tuple[str, ...]] = {}
    for entry in ENTRY_GAP.split(path.read_text(encoding="utf-8")):
        fields = {name: _text(quoted) for name, quoted in FIELD.findall(entry)}
        translations = tuple(text for name, text in fields.items() if name.startswith("msgstr"))
        if all(translations) and "msgid" in fields and not FUZZY.search(entry):
            texts[fields["msgid"]] = translations
    rule = PLURAL_RULE.search(texts.pop("", ("",))[0])
    return Catalogue(texts, c2py(rule[1])) if rule else Catalogue(texts)


def _text(quoted: str) -> str:
    joined = LINE_JOINT.sub("", quoted)[1:-1]
    return ESCAPE.sub(lambda match: ESCAPED.get(match[1], match[1]), joined) if "\\" in joined else joined
