"""The kinds of estimates for an analyst's own figures: what each reads, refuses, may be told, and makes."""

from dataclasses import dataclass

from ingestion.measures.tidy import Column, Demand, optional

FIGURES = ("value", "se", "lower_ci", "upper_ci", "method", "null_reason")


@dataclass(frozen=True)
class Kind:
    """One kind of estimate: its macro in `dbt_project/macros`, the columns it reads, what no row may be.

    `choices` are those it may be told. Rows of one key are one estimate, or each row is one of its own (`is_by_row`).
    The columns `once` tell the rows of a key apart; a column of `same` has one value within its key and the columns
    that are named with it.
    """

    macro: str
    columns: tuple[Column, ...]
    demands: tuple[Demand, ...]
    choices: tuple[str, ...]
    results: tuple[str, ...] = FIGURES
    is_by_row: bool = False
    once: tuple[str, ...] = ()
    same: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def has(self, column_name: str) -> bool:
        """Say whether the kind knows a column."""
        return any(column.name == column_name for column in self.columns)


def _may_be_blank(name: str) -> Column:
    return Column(name, may_be_blank=True)


def _counts(name: str, whole: str) -> tuple[Demand, ...]:
    """Return what a count of events, and what it is counted in, may not be."""
    return (
        Demand(f"{name} < 0", name, "{found} is negative"),
        Demand(f"{name} > 0 and {name} < 1", name, "{found} is a share; expected is a count"),
        Demand(f"{whole} < 0", whole, "{found} is negative"),
        Demand(f"{whole} = 0", whole, "nothing can be divided by zero"),
    )


def part_above_whole(name: str, whole: str) -> Demand:
    """Return the demand that a part is not more than its whole."""
    return Demand(f"{name} > {whole}", name, f"{{found}} is more than {whole}")


def _positive(name: str) -> Demand:
    return Demand(f"{name} <= 0", name, "{found} is not above zero")


def _off_scale(name: str) -> Demand:
    condition = f"(value_type = 1 and {name} <= 0) or (value_type = 2 and ({name} <= 0 or {name} >= 1))"
    return Demand(condition, name, "{found} does not fit value_type (1: above 0, 2: between 0 and 1)")


AGEBAND = Column("ageband", "text")
AGE_ORDER = optional("age_order", "text")  # for the reader of the file
AREA = Column("area", "text")
VALUE = _may_be_blank("value")
BY_AGE = (("n", ("ageband",)), ("stdpop", ("ageband",)))

KINDS = {
    "proportion": Kind(
        "proportions",
        (_may_be_blank("x"), _may_be_blank("n")),
        (*_counts("x", "n"), part_above_whole("x", "n")),
        ("confidence", "scale"),
        is_by_row=True,
    ),
    "rate": Kind(
        "rates",
        (_may_be_blank("x"), _may_be_blank("n")),
        _counts("x", "n"),
        ("confidence", "scale"),
        is_by_row=True,
    ),
    "dsr": Kind(
        "directly_standardised",
        (AGEBAND, AGE_ORDER, _may_be_blank("x"), Column("n"), Column("stdpop"), optional("eventfreq")),
        (*_counts("x", "n"), _positive("stdpop"), _positive("eventfreq")),
        ("confidence", "scale"),
        (
            *FIGURES,
            "fay_feuer_lower_ci",
            "fay_feuer_upper_ci",
            "event_count",
            "population",
            "effective_event_count",
            "is_sparse",
        ),
        once=("ageband", "eventfreq"),
        same=BY_AGE,
    ),
    "isr": Kind(
        "indirectly_standardised",
        (
            AGEBAND,
            AGE_ORDER,
            _may_be_blank("x"),
            Column("n"),
            Column("x_ref"),
            Column("n_ref"),
            optional("stdpop"),  # of the same analyst's dsr, not used here
        ),
        (*_counts("x", "n"), *_counts("x_ref", "n_ref")),
        ("confidence", "scale"),
        (*FIGURES, "ratio", "ratio_lower_ci", "ratio_upper_ci", "observed_count", "expected_count", "reference_rate"),
        once=("ageband",),
    ),
    "mean": Kind("means", (VALUE,), (), ("confidence",), (*FIGURES, "value_count", "sd")),
    "sii": Kind(
        "slope_indices",
        (
            Column("quantile"),
            Column("population"),
            VALUE,
            _may_be_blank("lower_cl"),
            _may_be_blank("upper_cl"),
            Column("value_type"),
        ),
        (
            _positive("population"),
            Demand("value_type not in (0, 1, 2)", "value_type", "{found} is none of 0, 1 and 2"),
            *map(_off_scale, ("value", "lower_cl", "upper_cl")),
            Demand("lower_cl > value", "lower_cl", "{found} is above the value"),
            Demand("upper_cl < value", "upper_cl", "{found} is below the value"),
        ),
        ("confidence", "is_transformed"),
        (*FIGURES, "rii", "rii_lower_ci", "rii_upper_ci", "intercept"),
        once=("quantile",),
        same=(("value_type", ()),),
    ),
    "quantile": Kind(
        "quantile_groups",
        (AREA, VALUE),
        (),
        ("quantiles", "is_inverted"),
        ("value", "quantile", "null_reason"),
        is_by_row=True,
    ),
    "funnel": Kind(
        "funnels",
        (AREA, _may_be_blank("numerator"), _may_be_blank("denominator"), optional("rate")),
        _counts("numerator", "denominator"),
        ("confidence", "scale", "is_rate"),
        (
            *FIGURES,
            "baseline",
            "lower_95_limit",
            "upper_95_limit",
            "lower_99_8_limit",
            "upper_99_8_limit",
            "significance",
        ),
        is_by_row=True,
    ),
}
