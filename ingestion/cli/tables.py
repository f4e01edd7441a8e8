"""Tables for the terminal and for programs."""

import json
from collections.abc import Sequence
from typing import Any

import click

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer for a program.")


def show(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, as_json: bool, if_none: str = "") -> None:
    """Print rows as an aligned table, or as a JSON list of objects; `if_none` stands for a table without rows."""
    if as_json:
        records = [dict(zip(columns, row, strict=True)) for row in rows]
        click.echo(json.dumps(records, ensure_ascii=False, indent=1, default=str))
    else:
        click.echo(table(columns, rows) if rows or not if_none else if_none)


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return an aligned table with one header line."""
    lines = [list(columns), *([_text(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    aligned = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in lines]
    return "\n".join(line.rstrip() for line in [aligned[0], "  ".join("-" * width for width in widths), *aligned[1:]])


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
