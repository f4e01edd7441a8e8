"""Rows of tables that a template has no words of its own for."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from dashboards.ordering import in_order
from dashboards.words import Figure


def table_rows(rows: Iterable[Sequence[object]], width: int, ranks: Sequence[object] = ()) -> Markup:
    """Return the rows of a table, each with its head first: figures stand right, what is empty stays empty.

    A row that is shorter than the table is wide says one thing of all columns that are left. `ranks`, one for each row:
    rows of the same rank stand in the order of their heads.
    """
    drawn = [(escape(head), _table_row(head, cells, width)) for head, *cells in rows]
    return Markup(in_order(drawn, ranks=ranks) if ranks else "".join(row for _, row in drawn))


def _table_row(head: object, cells: Sequence[object], width: int) -> str:
    drawn = "".join(each.cell if isinstance(each, Figure) else f"<td>{escape(each)}</td>" for each in cells)
    if 1 + len(cells) < width:
        drawn = drawn.replace("<td", f'<td colspan="{width - len(cells)}"', 1)
    return f'<tr><th scope="row">{escape(head)}</th>{drawn}</tr>\n'
