"""What dbt costs over its own SQL, and how the build grows with the number of observations.

`python -m benchmarks.build 100000 1000000 10000000` fills a landing of each size, builds the warehouse with dbt as the
pipeline does, and runs the compiled statements of the same nodes, in the same order, in one bare DuckDB connection.
Each runs in a process of its own; memory is its peak.
"""

import json
import math
import multiprocessing
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from ingestion.catalogue import load_into, rows
from ingestion.measures.quantiles import add_quantile_functions
from ingestion.warehouse.build import DBT_COMMAND, DBT_PROJECT, WAREHOUSE
from ingestion.warehouse.landing import LANDING_DDL, create_database, quoted

DEFAULT_SIZES = (100_000, 1_000_000)
LAST_YEAR = 2025
STRATA = ("SEX", "ISCED11", "QUANTILE", "DEGURBA", "AGE")


def fill(database: Path, observation_count: int) -> None:
    """Create a landing of so many proportions, all groups of a unit together, one submission per country."""
    lists = {
        "groups": ["TOTAL:TOTAL", *(f"{dimension}:{code}" for dimension in STRATA for code in _groups_of(dimension))],
        "sites": [row["code"] for row in rows("codes_site")],
        "indicators": [row["indicator_code"] for row in rows("indicators") if row["measure_type_code"] == "PROP"],
        "countries": [row["country_code"] for row in rows("roster")],
    }
    # The row number, in digits to the bases of the lists, names a group, a site, an indicator, a country and a year.
    digits, base = {}, 1
    for name, values in lists.items():
        digits[name] = f"${name}[1 + (i // {base} % {len(values)})::integer]"
        base *= len(values)
    dimensions = ", ".join(
        f"if({digits['groups']} like '{name}:%', split_part({digits['groups']}, ':', 2), null) as {name.lower()}"
        for name in STRATA
    )
    with create_database(database) as connection:
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
        connection.execute(
            f"insert into landing.observations by name select {digits['countries']} || '-1' as submission_id, "
            f"i::integer as source_row, {digits['indicators']} as indicator, {digits['countries']} as ref_area, "
            f"({LAST_YEAR} - i // {base})::varchar as time_period, {digits['sites']} as site, {dimensions}, "
            f"100e0 + hash(i) % 800 as numerator, 1000e0 as denominator from range({observation_count}) as t(i)",
            lists,
        )


def _groups_of(dimension: str) -> list[str]:
    """Return the groups that make up the total of a dimension once."""
    codes = rows(f"codes_{dimension.lower()}")
    [total] = [row["total_code"] for row in rows("dimensions") if row["dimension_code"] == dimension]
    return [
        row["code"]
        for row in codes
        if row["code"] != "UNK"
        and (row["age_level"] == "reporting" if dimension == "AGE" else row["parent_code"] == total)
    ]


def build_with_dbt(folder: Path) -> None:
    """Build the warehouse in a folder as the pipeline does."""
    places = {"--project-dir": DBT_PROJECT, "--profiles-dir": DBT_PROJECT}
    places |= dict.fromkeys(("--target-path", "--log-path"), folder / "dbt")
    arguments = [str(word) for pair in places.items() for word in pair]
    subprocess.run(
        [Path(sys.executable).with_name("dbt"), *DBT_COMMAND, *arguments],
        cwd=folder,
        env={**os.environ, "DBT_BUILD_DATABASE": WAREHOUSE},
        check=True,
    )


def build_bare(folder: Path) -> None:
    """Run what dbt compiled, statement by statement, in one connection."""
    nodes = json.loads((folder / "dbt" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    results = json.loads((folder / "dbt" / "run_results.json").read_text(encoding="utf-8"))["results"]
    with duckdb.connect(str(folder / "bare" / WAREHOUSE), config={"threads": 2}) as connection:
        add_quantile_functions(connection)
        connection.execute(f"attach '{quoted(folder / WAREHOUSE)}' as built (read_only)")
        load_into(connection)
        for schema in ("staging", "intermediate", "marts", "quality"):
            connection.execute(f"create schema {schema}")
        for result in results:
            node = nodes[result["unique_id"]]
            if node["resource_type"] == "test":
                connection.execute(f"select count(*) from ({result['compiled_code']})").fetchall()
            elif node["resource_type"] == "model":
                kind, code = node["config"]["materialized"], result["compiled_code"]
                # What a model in Python made is taken over: it costs the same in both.
                code = f"from built.{node['schema']}.{node['name']}" if node["language"] == "python" else code
                connection.execute(f"create {kind} {node['schema']}.{node['name']} as {code}")


def measured(work: Callable[[Path], None], folder: Path) -> tuple[float, float]:
    """Return the seconds that some work takes in a process of its own, and its peak memory in megabytes."""
    fresh = multiprocessing.get_context("spawn")
    receiver, sender = fresh.Pipe(duplex=False)
    process = fresh.Process(target=_timed, args=(work, folder, sender))
    process.start()
    process.join()
    if process.exitcode != 0:
        raise SystemExit(f"{work.__name__} failed")
    seconds, megabytes = receiver.recv()
    return float(seconds), float(megabytes)


def _timed(work: Callable[[Path], None], folder: Path, sender: "multiprocessing.connection.Connection") -> None:
    started = time.perf_counter()
    work(folder)
    seconds = time.perf_counter() - started
    # Not getrusage: what it says of a process includes the peak of the one that started it.
    [own] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    sender.send((seconds, max(int(own), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024))


def main() -> None:
    """Print one line for each size, and how the bare cost grows from size to size."""
    sizes = [int(word) for word in sys.argv[1:]] or list(DEFAULT_SIZES)
    before: tuple[int, float] | None = None
    print(f"{'observations':>12} {'dbt build':>10} {'bare':>8} {'ratio':>6} {'dbt MB':>7} {'bare MB':>8} {'growth':>7}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            fill(folder / WAREHOUSE, size)
            (folder / "bare").mkdir()
            shutil.copyfile(folder / WAREHOUSE, folder / "bare" / WAREHOUSE)
            seconds, megabytes = measured(build_with_dbt, folder)
            bare_seconds, bare_megabytes = measured(build_bare, folder)
        growth = f"n^{math.log(bare_seconds / before[1]) / math.log(size / before[0]):.2f}" if before else ""
        print(
            f"{size:12} {seconds:9.1f}s {bare_seconds:7.1f}s {seconds / bare_seconds:6.2f} "
            f"{megabytes:7.0f} {bare_megabytes:8.0f} {growth:>7}",
            flush=True,
        )
        before = (size, bare_seconds)


if __name__ == "__main__":
    main()
