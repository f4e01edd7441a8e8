"""`pcm measures`: inequality measures of an analyst's own groups."""

from pathlib import Path

import click

HELP = """Measure the inequality between the groups in FILE: all measures, with standard errors and 95 % intervals.

FILE is a CSV with one row per group. Rows that agree in all columns not named here (a country, a year, a case) are the
groups of one inequality; those columns are kept in the result, which has one row per inequality and measure.

\b
  subgroup              name of the group
  estimate              its value; blank where missing
  se                    standard error of the estimate; without it there are no intervals
  population            people in the group, in any unit; without it only d and r
  subgroup_order        1 for the most disadvantaged, 2, 3 ...; leave it out where groups have no order
  ordered_dimension     0: ignore the order
  favourable_indicator  1: higher is better, 0: lower is better, blank: neither
  indicator_scale       100 for percent, 1 for shares, 100000 for rates; needed for sii_logit and rii_logit
  lower_bound, upper_bound  what values can be; needed for erreygers and wagstaff
  reference_subgroup    1: the group that others are set against
  setting_average       value of the whole, for par where populations are not known

The formulas, and when a measure is undefined (null_reason), are in docs/methods/inequality.md."""


@click.command(help=HELP)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here instead of to the terminal.")
def measures(file: Path, out: Path | None) -> None:
    import duckdb

    from ingestion.measures.inequality import measure_inequalities
    from ingestion.measures.tidy import write_tidy

    # One thread: sums of floating-point numbers depend on their order in the last digits.
    with duckdb.connect(config={"threads": 1}) as connection:
        measure_inequalities(connection, file, report=lambda sentence: click.echo(sentence, err=True))
        write_tidy(connection, "measures", out)
