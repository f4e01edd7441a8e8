"""`pcm estimates`: an analyst's own figures, by the formulas of the observatory."""

from pathlib import Path

import click

KIND_NAMES = ["proportion", "rate", "dsr", "isr", "mean", "sii", "quantile", "funnel"]
CONFIDENCE_LEVELS = {"95": 0.95, "99.8": 0.998}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(KIND_NAMES), required=True, help="What to estimate; see above.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the result to this file [default: the terminal].",
)
@click.option("--confidence", type=click.Choice(list(CONFIDENCE_LEVELS)), default="95", show_default=True)
@click.option(
    "--scale",
    type=click.FloatRange(min=0, min_open=True),
    help="Values per so many [default: 100 for proportions, 100000 for rates].",
)
@click.option("--quantiles", type=click.IntRange(min=2), default=5, show_default=True, help="quantile: how many.")
@click.option("--invert", "is_inverted", is_flag=True, help="quantile: the first one holds the highest values.")
@click.option(
    "--transform", "is_transformed", is_flag=True, help="sii: fit logarithms of rates, logits of proportions."
)
@click.option(
    "--of",
    type=click.Choice(["proportion", "rate"]),
    help="funnel: of proportions or of rates [default: of rates if the file has a column rate].",
)
def estimates(
    file: Path,
    kind: str,
    out: Path | None,
    confidence: str,
    scale: float | None,
    quantiles: int,
    is_inverted: bool,
    is_transformed: bool,
    of: str | None,
) -> None:
    """Compute estimates with intervals from FILE, a tidy CSV, and write a tidy CSV.

    The columns that each kind reads; any other column, such as case_id, is a key and is carried through:

    \b
    proportion  x, n                             x of n, Wilson's interval
    rate        x, n                             x events in n, exact or Byar's interval
    dsr         ageband, x, n, stdpop[, eventfreq]
                                                 directly standardised rate, Dobson and Fay-Feuer
    isr         ageband, x, n, x_ref, n_ref      indirectly standardised rate and ratio
    mean        value                            mean, Student's t interval
    sii         quantile, population, value, lower_cl, upper_cl, value_type
                                                 slope and relative index of inequality
    quantile    area, value                      the quantile of each area
    funnel      area, numerator, denominator     each area against the pooled value

    Formulas, methods and null_reason: docs/methods/estimates.md. An empty cell (or NA) among the counts and values is
    a missing one, never a zero. A file that cannot be used is refused with its rows and columns.
    """
    import duckdb

    from ingestion.measures.estimates import Choices, estimate
    from ingestion.measures.tidy import write_tidy

    choices = Choices(
        confidence=CONFIDENCE_LEVELS[confidence],
        scale=scale,
        quantiles=quantiles,
        is_inverted=is_inverted,
        is_transformed=is_transformed,
        is_rate=None if of is None else of == "rate",
    )
    # One thread: sums of floating-point numbers depend on their order in the last digits.
    with duckdb.connect(config={"threads": 1}) as connection:
        estimate(connection, file, kind, choices, report=lambda sentence: click.echo(sentence, err=True))
        write_tidy(connection, "estimates", out)
