"""How long all measures of inequality take, with their intervals, for many inequalities of five groups each.

`python -m benchmarks.measures` runs the models of the warehouse in one thread of DuckDB and sets them against one plain
aggregation of the same groups, in the same run.
"""

import statistics
import time

import duckdb

from ingestion.measures.inequality import run_measures

SIZES = (1_000, 20_000)
GROUPS = 5
REPEATS = 5
BASELINE = "create or replace table baseline as select unit_id, sum(population * estimate) from groups group by unit_id"


def seconds_of(unit_count: int) -> tuple[float, float]:
    """Return the seconds of processor time for all measures and for the baseline."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(
            "create table groups as select row // $groups as unit_id, 'G' || row % $groups as group_code, "
            "if(row // $groups % 2 = 0, row % $groups, null) as group_order, "
            "20 + 10 * (row % $groups) + hash(row) % 1000 / 200 as estimate, 1 + hash(row, 1) % 1000 / 1000 as se, "
            "1000e0 + hash(row, 2) % 1000 as population, true as is_favourable, row % $groups = 0 as is_reference, "
            "true as is_gap_from_reference, 100e0 as scale, 0e0 as lower_bound, 100e0 as upper_bound, "
            "null::double as setting_average from range($rows) as t(row)",
            {"groups": GROUPS, "rows": unit_count * GROUPS},
        )
        connection.execute("create view int_inequality_groups as from groups")
        started = time.process_time()
        connection.execute(BASELINE)
        halfway = time.process_time()
        run_measures(connection)
        return time.process_time() - halfway, halfway - started


def main() -> None:
    """Print the middle of several runs for each size."""
    for unit_count in SIZES:
        runs = [seconds_of(unit_count) for _ in range(REPEATS)]
        measures, baseline = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"{unit_count:6} inequalities: {measures:.2f} s, {measures / baseline:.0f} x one plain aggregation")


if __name__ == "__main__":
    main()
