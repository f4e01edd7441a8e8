"""How long a national table of 3 240 cells takes to be protected and audited, and what protection costs.

`python -m benchmarks.disclosure` makes the table from a seed (54 codes of regions in three levels, sex, 19 ages) and
prints the table of `docs/benchmarks.md`: at the reference level and in production, for a threshold of 5 and of 11.
"""

import time

import click
import numpy as np

from ingestion.disclosure.own_table import OwnTable, exposed_cells, protect_table
from ingestion.disclosure.primary import beyond_threshold, is_small, reference_levels

SEED = 1
REGIONS = [f"R{group}{letter}" for group, size in enumerate((8, 8, 8, 8, 7, 8), 1) for letter in "abcdefgh"[:size]]
AGES = [f"A{number:02d}" for number in range(19)]
SEXES = ("F", "M")
PEOPLE_PER_CELL = 12


def national_table() -> OwnTable:
    """Return the table: few people in most cells, many in some, as in a country with two large cities."""
    chance = np.random.default_rng(SEED)
    sizes = chance.lognormal(0, 1, len(REGIONS))[:, None, None] * chance.lognormal(0, 1, len(AGES))[None, None, :]
    leaves = chance.poisson(PEOPLE_PER_CELL * np.broadcast_to(sizes, (len(REGIONS), len(SEXES), len(AGES))))
    counts: dict[tuple[str, ...], float] = {}
    for (region, sex, age), count in np.ndenumerate(leaves):
        for whole_region in (REGIONS[region], REGIONS[region][:2], "Total"):
            for whole_sex in (SEXES[sex], "Total"):
                for whole_age in (AGES[age], "Total"):
                    cell = (whole_region, whole_sex, whole_age)
                    counts[cell] = counts.get(cell, 0) + float(count)
    size = len(counts)
    values = np.array(list(counts.values()))
    return OwnTable("", ("region", "sex", "age"), tuple(counts), values, np.zeros(size, bool), np.arange(size))


@click.command()
def main() -> None:
    """Print one line for each threshold and level."""
    table = national_table()
    click.echo("| threshold | level | cells | small | more hidden | people in these | protect | audit |")
    click.echo("|---:|---|---:|---:|---:|---:|---:|---:|")
    for threshold in (5, 11):
        small = is_small(table.counts, threshold)
        for name, levels in (
            ("reference", reference_levels),
            ("production", lambda counts, bound=threshold: beyond_threshold(counts, bound)),
        ):
            start = time.perf_counter()
            hidden = protect_table(table, threshold, levels)
            chosen = time.perf_counter()
            assert not len(exposed_cells(table, hidden, small, levels(table.counts)))
            audited = time.perf_counter()
            added = hidden & ~small
            click.echo(
                f"| {threshold} | {name} | {len(table.cells)} | {small.sum()} | {added.sum()} | "
                f"{table.counts[added].sum():.0f} | {chosen - start:.1f} s | {audited - chosen:.1f} s |"
            )


if __name__ == "__main__":
    main()
