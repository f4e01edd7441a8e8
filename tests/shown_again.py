"""What a build hides to protect something else, shown again figure by figure: does the audit of the gate see it?"""

from pathlib import Path

import duckdb
import pandas as pd

from ingestion.disclosure.audit_build import BLOCK, FIGURE, KINDS, audit_figures, landed_figures

HIDDEN = """
    select hidden.submission_id, hidden.source_row, figures.country_code, figures.indicator_code, figures.period
    from intermediate.int_complementary_suppression as hidden
    inner join intermediate.int_primary_suppression as figures using (submission_id, source_row)
    order by figures.country_code, figures.indicator_code, figures.period, submission_id, source_row
"""


def unseen(warehouse: Path, *, most: int) -> tuple[int, list[str]]:
    """Return how many figures were shown again, `most` at most, spread evenly over the build; and those not seen.

    Blocks know nothing of each other: in each round one figure of every block is shown.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute(HIDDEN).df()
        landed = landed_figures(connection).set_index(BLOCK, drop=False)
    chosen = found[:: max(1, -(-len(found) // most))]
    rounds = [each.set_index(BLOCK) for _, each in chosen.groupby(chosen.groupby(BLOCK).cumcount())]
    missed = [block for each in rounds for block in _unseen_of(each, landed[landed.index.isin(each.index)])]
    return len(chosen), missed


def _unseen_of(shown: pd.DataFrame, blocks: pd.DataFrame) -> list[str]:
    """Return what the audit does not see when these figures, one of each block, are shown again."""
    figures = blocks.set_index(FIGURE, drop=False)
    is_shown = figures.index.isin(shown.set_index(FIGURE).index)
    assert is_shown.sum() == len(shown)
    now = {f"shown_{kind}": figures[f"shown_{kind}"].mask(is_shown, figures[kind]) for kind in KINDS}
    audited = audit_figures(figures.assign(**now).reset_index(drop=True))
    seen = {(each.country_code, *block) for each in audited for block in each.exposed_blocks}
    return [
        f"{' '.join(block)}: {figure}"
        for block, figure in zip(shown.index, shown.values.tolist(), strict=True)
        if block not in seen
    ]
