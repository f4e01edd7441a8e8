"""What dbt costs over its own SQL, and how the build grows with the number of observations.

`python -m benchmarks.build 100000 1000000 10000000` fills a landing of each size, builds the warehouse with dbt as the
pipeline does, and runs the compiled statements of the same nodes, in the same order, in one bare DuckDB connection.
Each runs in a process of its own; memory is its peak, disk that of all files, which are temporary (see `TMPDIR`).
`--without-bare` only builds, for sizes that take an hour; `DBT_MEMORY_LIMIT=12GB` says what DuckDB may take.
"""

import json
import math
import multiprocessing
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import click
import duckdb

from ingestion.catalogue import load_into, rows
from ingestion.measures.quantiles import add_quantile_functions
from ingestion.sql_text import quoted
from ingestion.warehouse import dbt
from ingestion.warehouse.dbt import WAREHOUSE
from ingestion.warehouse.landing import LANDING_DDL, create_database

DEFAULT_SIZES = (100_000, 1_000_000)
LAST_YEAR = 2025
LOOK_SECONDS = 1
STRATA = ("SEX", "ISCED11", "QUANTILE", "DEGURBA", "AGE")
# The row number, in digits to the bases of the lists, names a group, a site, an indicator, a country, a year. Groups
# and sites share out what is theirs evenly but for a step from one to the next, which sums to nothing.
OBSERVATIONS = f"""
    with digits as (
        select i, i // len($codes) // len($sites) as unit, unit // len($indicators) as country_year,
            $dimensions[1 + i % len($codes)] as dimension, $codes[1 + i % len($codes)] as code,
            $sizes[1 + i % len($codes)] as size, 2 * $places[1 + i % len($codes)] - size - 1 as step,
            $sites[1 + i // len($codes) % len($sites)] as site,
            $weights[1 + i // len($codes) % len($sites)] as weight,
            $countries[1 + country_year % len($countries)] as country,
        from range($observation_count) as t(i)
    )
    insert into landing.observations by name
    select country || '-1' as submission_id, i as source_row, country as ref_area,
        $indicators[1 + unit % len($indicators)] as indicator,
        ($last_year - country_year // len($countries))::varchar as time_period, site,
        {", ".join(f"if(dimension = '{name}', code, null) as {name.lower()}" for name in STRATA)},
        weight * ((1 + hash(unit) % 7) * 300 / size + step * (unit % 5 - 2)) as numerator,
        weight * (1 + hash(unit) % 7) * (600 / size + step * 6) as denominator,
    from digits
"""


def fill(database: Path, observation_count: int) -> None:
    """Create a landing of so many proportions beside the catalogue, one submission per country; all breakdowns add up.

    A unit (indicator, country, year) has every site and the sum of them, and of each every group. Nothing is small.
    """
    lists = _lists()
    with create_database(database) as connection:
        load_into(connection)
        connection.execute(LANDING_DDL.read_text(encoding="utf-8"))
        connection.execute("insert into landing.releases values ('2026.1', 1, '2026')")
        for number, country in enumerate(lists["countries"], start=1):
            submission = [f"{country}-1", country, number]
            connection.execute(
                "insert into landing.submissions (submission_id, country_code, sequence_number, verdict) "
                "values (?, ?, ?, 'accepted')",
                submission,
            )
            connection.execute("insert into landing.release_submissions values ('2026.1', ?)", submission[:1])
        given = {**lists, "observation_count": observation_count, "last_year": LAST_YEAR}
        connection.execute(OBSERVATIONS, given)


def _lists() -> dict[str, list[Any]]:
    """Return what the digits of a row number stand for: groups, sites with their weights, indicators, countries."""
    groups = [("TOTAL", "TOTAL", 1, 1)]
    for dimension in STRATA:
        codes = _groups_of(dimension)
        groups += [(dimension, code, place, len(codes)) for place, code in enumerate(codes, start=1)]
    sites = _groups_of("SITE")
    weights = [1 + place % 5 for place in range(len(sites))]
    return {
        "dimensions": [group[0] for group in groups],
        "codes": [group[1] for group in groups],
        "places": [group[2] for group in groups],
        "sizes": [group[3] for group in groups],
        "sites": [_total_of("SITE"), *sites],
        "weights": [sum(weights), *weights],
        "indicators": [row["indicator_code"] for row in rows("indicators") if row["measure_type_code"] == "PROP"],
        "countries": [row["country_code"] for row in rows("roster")],
    }


def _groups_of(dimension: str) -> list[str]:
    """Return the groups that make up the total of a dimension once."""
    return [
        row["code"]
        for row in rows(f"codes_{dimension.lower()}")
        if row["code"] != "UNK"
        and row["parent_code"] == _total_of(dimension)
        and row.get("age_level", "reporting") == "reporting"
    ]


def _total_of(dimension: str) -> str:
    [total] = [row["total_code"] for row in rows("dimensions") if row["dimension_code"] == dimension]
    return total


def build_with_dbt(folder: Path) -> None:
    """Build the warehouse in a folder as the pipeline does."""
    finished = dbt.run(folder, folder / "dbt", *dbt.BUILD_ON_CATALOGUE)
    if finished.returncode != 0:
        sys.exit(finished.stdout + finished.stderr)


def build_bare(folder: Path) -> None:
    """Run what dbt compiled, statement by statement, in one connection; what dbt built makes room for it."""
    nodes = json.loads((folder / "dbt" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    results = json.loads((folder / "dbt" / "run_results.json").read_text(encoding="utf-8"))["results"]
    with duckdb.connect(str(folder / "bare" / WAREHOUSE), config={"threads": 2}) as connection:
        # In a process that was spawned DuckDB takes itself for asked by hand.
        connection.execute("set enable_progress_bar = false")
        add_quantile_functions(connection)
        connection.execute(f"attach '{quoted(folder / WAREHOUSE)}' as built (read_only)")
        for schema in ("staging", "intermediate", "marts", "quality"):
            connection.execute(f"create schema {schema}")
        # What a model in Python made is taken over: it costs the same in both.
        for node in nodes.values():
            if node["resource_type"] == "model" and node["language"] == "python":
                table = f"{node['schema']}.{node['name']}"
                connection.execute(f"create table {table} as from built.{table}")
        connection.execute("detach built")
        (folder / WAREHOUSE).unlink()
        for result in results:
            node = nodes[result["unique_id"]]
            if node["resource_type"] == "test":
                connection.execute(f"select count(*) from ({result['compiled_code']})").fetchall()
            elif node["resource_type"] == "model" and node["language"] == "sql":
                # Whole, also what dbt makes in parts.
                kind = "view" if node["config"]["materialized"] == "view" else "table"
                connection.execute(f"create {kind} {node['schema']}.{node['name']} as {result['compiled_code']}")


class Cost(NamedTuple):
    """What work took: seconds waited and of the processor, peak megabytes of memory and of disk."""

    seconds: float
    processor_seconds: float
    memory_mb: float
    disk_mb: float

    def __str__(self) -> str:
        return (
            f"{self.seconds:.1f} s | {self.processor_seconds:.1f} s | {self.memory_mb:.0f} MB | {self.disk_mb:.0f} MB"
        )


def measured(work: Callable[[Path], None], folder: Path) -> Cost:
    """Return what work takes in a process of its own."""
    fresh = multiprocessing.get_context("spawn")
    receiver, sender = fresh.Pipe(duplex=False)
    process = fresh.Process(target=_timed, args=(work, folder, sender))
    process.start()
    disk_mb = 0.0
    while process.is_alive():
        disk_mb = max(disk_mb, _disk_mb(folder))
        process.join(LOOK_SECONDS)
    if process.exitcode != 0:
        raise SystemExit(f"{work.__name__} failed")
    seconds, processor_seconds, memory_mb = receiver.recv()
    return Cost(seconds, processor_seconds, memory_mb, disk_mb)


def _disk_mb(folder: Path) -> float:
    """Return what `du` says of a folder in which files come and go."""
    said = subprocess.run(["du", "-sm", folder], capture_output=True, text=True).stdout
    return float(said.split()[0])


def _timed(work: Callable[[Path], None], folder: Path, sender: "multiprocessing.connection.Connection") -> None:
    started = time.perf_counter()
    work(folder)
    seconds = time.perf_counter() - started
    # Not getrusage: what it says of a process includes the peak of the one that started it.
    [own] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor_seconds = time.process_time() + children.ru_utime + children.ru_stime
    sender.send((seconds, processor_seconds, max(int(own), children.ru_maxrss) / 1024))


@click.command()
@click.argument("sizes", type=int, nargs=-1)
@click.option("--without-bare", is_flag=True, help="Only build.")
def main(sizes: tuple[int, ...], without_bare: bool) -> None:
    """Print what each size costs with dbt and bare, and how the bare cost grows from size to size."""
    before: tuple[int, float] | None = None
    print("| observations | built by | waited | processor | memory | disk | times bare, processor | growth |")
    print("|---:|---|" + "---:|" * 6, flush=True)
    for size in sizes or DEFAULT_SIZES:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            fill(folder / WAREHOUSE, size)
            if without_bare:
                print(f"| {size} | dbt | {measured(build_with_dbt, folder)} | | |", flush=True)
                continue
            (folder / "bare").mkdir()
            shutil.copyfile(folder / WAREHOUSE, folder / "bare" / WAREHOUSE)
            built = measured(build_with_dbt, folder)
            bare = measured(build_bare, folder)
        print(f"| {size} | dbt | {built} | {built.processor_seconds / bare.processor_seconds:.2f} | |")
        print(f"| | bare | {bare} | | {_growth(size, bare.processor_seconds, before)} |", flush=True)
        before = (size, bare.processor_seconds)


def _growth(size: int, processor_seconds: float, before: tuple[int, float] | None) -> str:
    """Return by which power of the size the cost has grown since the size before."""
    if before is None:
        return ""
    return f"n^{math.log(processor_seconds / before[1]) / math.log(size / before[0]):.2f}"


if __name__ == "__main__":
    main()
