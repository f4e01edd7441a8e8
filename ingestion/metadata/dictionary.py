"""The data dictionary: every table and column with type, unit and meaning, and the code lists; a page and a table."""

import csv
import io
from collections.abc import Iterator
from html import escape

from ingestion.catalogue import rows
from ingestion.metadata.released import Released
from ingestion.metadata.tables import Table

COLUMNS = ("schema_name", "table_name", "column_name", "data_type", "unit", "is_key", "refers_to", "description")
HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: data dictionary</title></head>
<body><main><h1>{title}: data dictionary</h1>
"""


def dictionary_table(release: Released) -> bytes:
    """Return `dictionary.csv`: one row per (schema, table, column)."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for table in release.tables:
        writer.writerows((table.schema, table.name, *line) for line in _lines(table))
    return stream.getvalue().encode()


def dictionary_page(release: Released) -> bytes:
    """Return `dictionary.html`; it needs no script and no style."""
    parts = [HEAD.format(title=escape(release.title))]
    for table in release.tables:
        parts.append(f'<h2 id="{table.name}">{table.schema}.{table.name}</h2>\n<p>{escape(table.description)}</p>\n')
        parts.append(_html(COLUMNS[2:], _lines(table)))
    for code_list in [table.name for table in release.tables if table.name.startswith("codes_")]:
        parts.append(f'<h2 id="list-{code_list}">Codes of {code_list}</h2>\n')
        parts.append(_html(("code", "label"), ([row["code"], row["label"]] for row in rows(code_list))))
    return ("".join(parts) + "</main></body></html>\n").encode()


def _lines(table: Table) -> Iterator[list[str]]:
    for column in table.columns:
        target = ".".join(table.references.get(column.name, ()))
        is_key = "yes" if column.name in table.key else ""
        yield [column.name, column.kind, column.unit, is_key, target, column.description]


def _html(head: tuple[str, ...], lines: Iterator[list[str]]) -> str:
    titles = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>\n" for line in lines)
    return f"<table><thead><tr>{titles}</tr></thead>\n<tbody>\n{body}</tbody></table>\n"
