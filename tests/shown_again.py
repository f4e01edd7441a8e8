"""What a build hides to protect something else, shown again figure by figure: does the audit of the gate see it?"""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from ingestion.disclosure.audit_build import Blocks, audit_blocks, landed_blocks

HIDDEN = """
    select hidden.submission_id, hidden.source_row, figures.country_code, figures.indicator_code, figures.period
    from intermediate.int_complementary_suppression as hidden
    inner join intermediate.int_primary_suppression as figures using (submission_id, source_row)
    order by figures.country_code, figures.indicator_code, figures.period, submission_id, source_row
"""


def unseen(warehouse: Path, *, most: int) -> tuple[int, list[str]]:
    """Return how many figures were shown again, `most` at most, spread evenly over the build; and those not seen."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute(HIDDEN).fetchall()
        chosen = found[:: max(1, -(-len(found) // most))]
        missed = [
            f"{country_code} {' '.join(block)}: {submission_id} row {row}"
            for country_code in sorted({country_code for _, _, country_code, *_ in chosen})
            for block, submission_id, row in _unseen_of(
                landed_blocks(connection, country_code),
                [(block, submission_id, row) for submission_id, row, code, *block in chosen if code == country_code],
                country_code,
            )
        ]
    return len(chosen), missed


def _unseen_of(
    blocks: Blocks, hidden: list[tuple[list[str], str, int]], country_code: str
) -> Iterator[tuple[list[str], str, int]]:
    for block, submission_id, source_row in hidden:
        key = (block[0], block[1])
        rows = [row for version in blocks[key] for row in version]
        [row] = [row for row in rows if (row["submission_id"], row["source_row"]) == (submission_id, source_row)]
        kept = row["shown_numerator"], row["shown_denominator"]
        row["shown_numerator"], row["shown_denominator"] = row["numerator"], row["denominator"]
        if not audit_blocks(country_code, {key: blocks[key]}).exposed_blocks:
            yield block, submission_id, source_row
        row["shown_numerator"], row["shown_denominator"] = kept
