"""Every text that wants a translation, with the file it stands in.

Texts stand in Python (`say`, `say_count`, `phrase`), in templates (the same words), in the SQL rules (`say('...')`),
in the registry of checks, in the catalogue, in the list of measures, in the suites of the gate and in the help for
contacts. Names of countries do not: CLDR has them in every language.
"""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from ingestion.catalogue import CATALOGUE_FOLDER, rows
from ingestion.settings import PROJECT_ROOT

KEYWORDS = {"say": (1,), "say_count": (1, 2), "phrase": (1,), "phrase_count": (1, 2)}
CODE_FOLDERS = ("ingestion", "expectations", "dashboards")
# What these say is for the person at the terminal of the server, who reads English.
OPERATORS_ONLY = {"ingestion/cli/chain.py", "ingestion/demo/play.py", "ingestion/serving/stack.py"}
SQL_TEXT = re.compile(r"\bsay\(\s*'((?:[^']|'')*)'\s*\)")
REGISTRY_COLUMNS = ("title", "sentence", "what_to_do", "good_example", "bad_example")
CATALOGUE_COLUMNS = {
    "checks": REGISTRY_COLUMNS,
    "dimensions": ("dimension_name",),
    "file_kinds": ("kind_name",),
    "benchmarks": ("benchmark", "benchmark_note"),
    "indicators": (
        "indicator_name",
        "definition",
        "numerator_definition",
        "denominator_definition",
        "unit",
        "data_holder",
    ),
    "rounds": ("round_name",),
    "submission_columns": ("description",),
    "template_columns": ("description",),
    "themes": ("theme_name", "theme_description"),
}
# Names of regions are names: they stay as their country writes them.
UNTRANSLATED_LISTS = {"codes_nuts2"}
# "12,5" and "C61" are the same in every language.
WORD = re.compile(r"[a-z]{2}")

MEASURES_FILE = PROJECT_ROOT / "dashboards" / "measures.csv"
MEASURE_COLUMNS = ("measure_name", "meaning", "formula_note", "undefined_when")
SUITES_FOLDER = PROJECT_ROOT / "expectations" / "suites"
HELP_FILE = PROJECT_ROOT / "docs" / "for_contacts.md"
FENCE = "```"

Text = str | tuple[str, str]


def texts() -> Iterator[tuple[str, Text]]:
    """Yield (file, text) in a stable order; a text with a plural is a pair (one, many)."""
    yield from _catalogue_texts()
    yield from _measure_texts()
    yield from _suite_texts()
    yield from _help_texts()
    for path in _code_files():
        name = path.relative_to(PROJECT_ROOT).as_posix()
        if name not in OPERATORS_ONLY:
            yield from ((name, text) for text in _texts_of_code(path))


def _catalogue_texts() -> Iterator[tuple[str, Text]]:
    lists = {path.stem: ("label",) for path in sorted(CATALOGUE_FOLDER.glob("codes_*.csv"))}
    for table, columns in (CATALOGUE_COLUMNS | lists).items():
        if table not in UNTRANSLATED_LISTS:
            name = f"{CATALOGUE_FOLDER.relative_to(PROJECT_ROOT).as_posix()}/{table}.csv"
            cells = (row[column] for row in rows(table) for column in columns)
            yield from ((name, text) for text in cells if WORD.search(text))


def _code_files() -> list[Path]:
    paths = [path for folder in CODE_FOLDERS for path in (PROJECT_ROOT / folder).rglob("*") if path.suffix in READERS]
    return sorted(paths)


def _texts_of_code(path: Path) -> Iterator[Text]:
    return READERS[path.suffix](path)


def _texts_of_python(path: Path) -> Iterator[Text]:
    """Yield the texts of calls; Babel's own reader would take the key in `say(row["title"])` for a text."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            count = len(KEYWORDS.get(name, ()))
            if count and len(given) >= count:
                yield given[0] if count == 1 else (given[0], given[1])


def _texts_of_template(path: Path) -> Iterator[Text]:
    from babel.messages.extract import extract

    with path.open("rb") as stream:
        for _, text, _, _ in extract("jinja2.ext:babel_extract", stream, KEYWORDS, options={"silent": "false"}):
            yield (text[0], text[1]) if isinstance(text, tuple) else text


def _texts_of_sql(path: Path) -> Iterator[Text]:
    return (text.replace("''", "'") for text in SQL_TEXT.findall(path.read_text(encoding="utf-8")))


def _measure_texts() -> Iterator[tuple[str, Text]]:
    """Yield what the page of methods says of each measure; formulas are the same in every language."""
    name = MEASURES_FILE.relative_to(PROJECT_ROOT).as_posix()
    with MEASURES_FILE.open(newline="", encoding="utf-8") as stream:
        cells = [row[column] for row in csv.DictReader(stream) for column in MEASURE_COLUMNS]
    yield from ((name, text) for text in cells if WORD.search(text))


def _suite_texts() -> Iterator[tuple[str, Text]]:
    """Yield the sentences of the gate's suites."""
    for path in sorted(SUITES_FOLDER.glob("*.yml")):
        name = path.relative_to(PROJECT_ROOT).as_posix()
        suite = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield from ((name, expectation["sentence"]) for expectation in suite["expectations"])


def _help_texts() -> Iterator[tuple[str, Text]]:
    """Yield the lines of the help for contacts, each a paragraph, without what a program is told."""
    name = HELP_FILE.relative_to(PROJECT_ROOT).as_posix()
    prose = HELP_FILE.read_text(encoding="utf-8").split(FENCE)[::2]
    yield from ((name, line) for part in prose for line in part.splitlines() if WORD.search(line))


READERS = {
    ".html": _texts_of_template,
    ".j2": _texts_of_template,
    ".py": _texts_of_python,
    ".sql": _texts_of_sql,
}
