"""`pcm measures`: all measures of inequality of an analyst's own groups, by the SQL of the warehouse."""

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from ingestion.measures.models import run_model
from ingestion.measures.tidy import Column, Demand, identifier, optional, read_tidy, refuse

RESULTS = (
    "measure",
    "estimate",
    "se",
    "lower_ci",
    "upper_ci",
    "null_reason",
    "reference_group",
    "compared_group",
    "groups_used",
)
# What describes a group, then what describes the whole inequality and is the same in each of its rows.
GROUP_COLUMNS = (
    Column("subgroup", kind="text"),
    Column("estimate", may_be_blank=True),
    optional("subgroup_order"),
    optional("se"),
    optional("population"),
    optional("reference_subgroup"),
)
UNIT_COLUMNS = (
    optional("favourable_indicator"),
    optional("ordered_dimension"),
    optional("indicator_scale"),
    optional("lower_bound"),
    optional("upper_bound"),
    optional("setting_average"),
)
# The counts behind an estimate may stand in the file; the measures do not need them.
UNUSED_COLUMNS = (optional("numerator"), optional("denominator"))

DEMANDS = (
    Demand("population < 0", "population", "a population cannot be below zero ({found})"),
    Demand("se < 0", "se", "a standard error cannot be below zero ({found})"),
    Demand("indicator_scale <= 0", "indicator_scale", "a scale is above zero: 1, 100, 1000, 100000 ({found})"),
    Demand(
        "estimate > indicator_scale",
        "estimate",
        "the estimate {found} is above the scale; is `indicator_scale` right (100 for percent, 1 for shares)?",
    ),
    Demand("indicator_scale is not null and estimate < 0", "estimate", "a share or rate is not below zero ({found})"),
    Demand(
        "estimate is not null and population is null and has_population",
        "population",
        "the population is missing, and other groups of the same inequality have one",
    ),
    Demand("lower_bound >= upper_bound", "upper_bound", "the upper bound {found} is not above the lower bound"),
    Demand("favourable_indicator not in (0, 1)", "favourable_indicator", "write 1 (higher is better), 0, or nothing"),
    Demand("ordered_dimension not in (0, 1)", "ordered_dimension", "write 1 (the groups have an order), 0, or nothing"),
    Demand("reference_subgroup not in (0, 1)", "reference_subgroup", "write 1 for the reference group, else 0"),
    Demand("reference_count > 1", "reference_subgroup", "only one group of an inequality can be the reference"),
    Demand("same_subgroup_count > 1", "subgroup", "the group '{found}' stands twice in one inequality"),
    Demand(
        "is_ordered and subgroup_order is null",
        "subgroup_order",
        "the group has no place in the order (1 is the most disadvantaged)",
    ),
    Demand("is_ordered and same_order_count > 1", "subgroup_order", "two groups have the place {found} in the order"),
    *(
        Demand(f"{column.name}_differs", column.name, "all groups of one inequality need the same value here")
        for column in UNIT_COLUMNS
    ),
)


def measure_inequalities(
    connection: duckdb.DuckDBPyConnection, path: Path, *, report: Callable[[str], None] = lambda sentence: None
) -> None:
    """Create the table `measures` for the groups in a tidy CSV.

    One row per (inequality, measure), in the order of the file. What is not a known column is a key: rows with equal
    keys are the groups of one inequality. Errors: `UsageError` with the rows and columns that cannot be used.
    """
    keys = read_tidy(
        connection,
        path,
        [*GROUP_COLUMNS, *UNIT_COLUMNS, *UNUSED_COLUMNS],
        table="tidy_groups",
        reserved=RESULTS,
        report=report,
    )
    _number_units(connection, keys)
    refuse(connection, "numbered_groups", path, DEMANDS)
    connection.execute(
        """
        create table int_inequality_groups as
        select
            unit_id, subgroup as group_code, if(is_ordered, subgroup_order, null) as group_order, estimate, se,
            population, favourable_indicator = 1 as is_favourable,
            coalesce(reference_subgroup = 1, false) as is_reference, true as is_gap_from_reference,
            indicator_scale as scale, lower_bound, upper_bound, setting_average
        from numbered_groups
        """
    )
    report("Computing ...")
    run_measures(connection)
    names = [*map(identifier, keys), *RESULTS]
    connection.execute(
        f"create table measures as select {', '.join(names)} from int_measures "
        "inner join units using (unit_id) order by unit_id, measure"
    )


def run_measures(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `int_measures` from `int_inequality_groups`; the families of measures are parts of one statement."""
    for model in ("int_unit_moments", "int_measures"):
        run_model(connection, model)


def _number_units(connection: duckdb.DuckDBPyConnection, keys: Sequence[str]) -> None:
    """Create `units` (the keys and a number for each inequality) and `numbered_groups`."""
    listed = "".join(f"{identifier(key)}, " for key in keys)
    connection.execute(
        f"create temp table units as select {listed}row_number() over (order by first_row) as unit_id "
        f"from (select {listed}min(row_number) as first_row from tidy_groups group by all)"
    )
    same_unit = " and ".join(f"units.{identifier(key)} is not distinct from groups.{identifier(key)}" for key in keys)
    differing = ", ".join(
        f"min({column.name}) over unit is distinct from max({column.name}) over unit "
        f"or count({column.name}) over unit not in (0, count(*) over unit) as {column.name}_differs"
        for column in UNIT_COLUMNS
    )
    connection.execute(
        f"""
        create temp table numbered_groups as
        select
            units.unit_id, groups.*,
            coalesce(ordered_dimension = 1, count(subgroup_order) over unit > 0) as is_ordered,
            count(population) over unit > 0 as has_population,
            count(*) filter (where reference_subgroup = 1) over unit as reference_count,
            count(*) over (partition by unit_id, subgroup) as same_subgroup_count,
            count(*) over (partition by unit_id, subgroup_order) as same_order_count,
            {differing},
        from tidy_groups as groups inner join units on {same_unit or "true"}
        window unit as (partition by unit_id)
        """
    )
