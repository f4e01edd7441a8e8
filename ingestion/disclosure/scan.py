"""The scanner: read every file of a release and prove that nothing hidden stands in it.

Tables (DuckDB, Parquet, CSV, SDMX-CSV): a hidden figure has no number in any of them, and no small count of people
stands in any. Texts (HTML, SVG, JSON, CSV, XML and whatever else): neither the counts of a hidden figure of many people
("1 200 of 4 000", unless a table shows the same pair elsewhere) nor a remark that came with one. Charts are drawn from
the tables: a figure that these lack has no coordinates.
"""

import html
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion.metadata.sdmx import STRATA, dimensions
from ingestion.sql_text import CALLS_NOBODY, quoted

KEY = ("country_code", "indicator_code", "period", "site_code", "stratum_id")
COUNTS = ("numerator", "denominator")
# Columns that number things and are no figures.
NO_FIGURES = ("source_row", "vintage_number", "is_suppressed", "is_synthetic", "is_current")
NUMBER = r"\d[\d.,'\u00a0\u202f\u2009 ]*"
OF = " of "
PAIR = re.compile(rf"({NUMBER}){OF}({NUMBER})")
LONGEST_NUMBER = 40
BEGINNING = 10_000
LEAST_REMARK = 8  # shorter remarks are words that occur anyway
# "3 of 7" may as well count groups or reports; of so many, only people are counted.
LEAST_DENOMINATOR = 1000
NUMBER_TYPES = ("DOUBLE", "FLOAT", "BIGINT", "INTEGER", "HUGEINT", "DECIMAL")


@dataclass(frozen=True)
class _Secrets:
    """What must not be found: remarks of hidden figures, in each form in which files write them, and pairs of their
    counts that no table shows.
    """

    remarks: tuple[str, ...]
    pairs: frozenset[tuple[str, str]]


def scan(folder: Path, build_warehouse: Path) -> list[str]:
    """Return one sentence for each place of a release where something hidden stands; none of them holds a count.

    `build_warehouse` is the warehouse of the build that the release was made of; it knows what is hidden.
    """
    with _knowing_what_is_hidden(build_warehouse) as connection, ThreadPoolExecutor() as beside:
        # Texts are looked through in Python, by one core; tables in DuckDB, by the others.
        texts = beside.submit(list, _scan_texts(connection.cursor(), folder))
        tables = [
            sentence
            for name, relation in _tables(connection, folder)
            for sentence in _scan_table(connection, name, relation)
        ]
        return [*tables, *texts.result()]


def scan_pages(folder: Path, build_warehouse: Path) -> list[str]:
    """Return one sentence for each page or drawing of a site in which something hidden stands, as `scan` does."""
    with _knowing_what_is_hidden(build_warehouse) as connection:
        return list(_scan_texts(connection, folder))


@contextmanager
def _knowing_what_is_hidden(build_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config=CALLS_NOBODY) as connection:
        connection.execute(f"attach '{quoted(build_warehouse)}' as build (read_only)")
        connection.execute(HIDDEN)
        yield connection


def _scan_texts(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[str]:
    secrets = _secrets(connection)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix not in (".duckdb", ".parquet"):
            yield from _scan_text(path, path.relative_to(folder), secrets)


HIDDEN = f"""
    create table hidden as
    select {", ".join(f"observations.{name}" for name in KEY)}, landed.obs_comment, landed.numerator, landed.denominator
    from build.marts.fct_observations as observations
    inner join build.landing.observations as landed using (submission_id, source_row)
    where observations.is_suppressed
"""
HIDDEN_PAIRS = f"""
    select numerator, denominator from hidden where numerator is not null and denominator >= {LEAST_DENOMINATOR}
    except select numerator, denominator from build.marts.fct_observations
    except select numerator, denominator from build.marts.fct_estimates
    except select numerator, denominator from build.marts.obs_vintages
"""


def _tables(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (name, SQL of a relation) for every table of the release, in each form in which it stands there."""
    connection.execute(f"attach '{quoted(folder / 'warehouse.duckdb')}' as release (read_only)")
    listed = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'release' order by all"
    ).fetchall()
    for schema, table in listed:
        yield f"warehouse.duckdb: {schema}.{table}", f"release.{schema}.{table}"
    for path in sorted(folder.rglob("*.parquet")):
        yield str(path.relative_to(folder)), f"read_parquet('{quoted(path)}')"
    for path in filter(_may_hold_figures, sorted(folder.rglob("*.csv"))):
        relation = f"read_csv('{quoted(path)}', header=true, all_varchar=true, auto_detect=true)"
        yield str(path.relative_to(folder)), _with_our_key(connection, relation)


def _may_hold_figures(path: Path) -> bool:
    """Say whether a CSV file has the names of what is looked for near its beginning; DuckDB takes long to open one."""
    with path.open("rb") as stream:
        words = set(re.findall(rb"\w+", stream.read(BEGINNING).lower()))
    ours = {name.encode() for name in KEY}
    theirs = {name.lower().encode() for name in SDMX_KEY}
    with_counts = {name.encode() for name in ("country_code", "indicator_code", *COUNTS)}
    return any(names <= words for names in (ours, theirs, with_counts))


def _with_our_key(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Return a relation; one in SDMX-CSV with the names of our tables, so that it is looked at like them."""
    columns = {column for column, *_ in connection.execute(f"describe from {relation}").fetchall()}
    if not {"STRUCTURE_ID", *SDMX_KEY, *STRATA} <= columns:
        return relation
    renamed = ", ".join(f"sdmx.{theirs} as {ours}" for theirs, ours in SDMX_KEY.items())
    # A row whose stratum is not known counts as every stratum: it cannot slip through.
    return f"""(
        select {renamed}, strata.stratum_id, sdmx.* exclude ({", ".join(SDMX_KEY)})
        from {relation} as sdmx
        left join ({STRATUM_IN_SDMX}) as known using ({", ".join(STRATA)})
        inner join release.marts.dim_stratum as strata
            on strata.stratum_id = known.stratum_id or known.stratum_id is null
    )"""


def _scan_table(connection: duckdb.DuckDBPyConnection, name: str, relation: str) -> Iterator[str]:
    described = connection.execute(f"describe from {relation}").fetchall()
    columns = {column.lower(): kind for column, kind, *_ in described}
    if set(KEY) <= set(columns):
        figures = [column for column, kind in columns.items() if _is_figure(column, kind)]
        shown = " or ".join(f"try_cast(facts.{column} as double) is not null" for column in figures) or "false"
        current = "and facts.is_current::boolean" if "is_current" in columns else ""
        count = _count(
            connection, f"from {relation} as facts semi join hidden using ({', '.join(KEY)}) where ({shown}) {current}"
        )
        if count:
            yield f"{name}: {count} hidden figures have a number."
    if {"country_code", "indicator_code", *COUNTS} <= set(columns):
        count = _count(connection, SMALL.format(relation=relation))
        if count:
            yield f"{name}: {count} rows hold a small count of people."


SDMX_KEY = {
    "REF_AREA": "country_code",
    "INDICATOR": "indicator_code",
    "TIME_PERIOD": "period",
    "SITE": "site_code",
}
STRATUM_IN_SDMX = f"""
    select facts.stratum_id, {", ".join(f"{part.sql} as {part.name}" for part in dimensions() if part.name in STRATA)}
    from release.marts.dim_stratum as facts
    inner join release.marts.dim_stratum as strata using (stratum_id)
"""
SMALL = """
    from {relation} as facts
    inner join build.intermediate.int_disclosure_policies as policies using (country_code, indicator_code)
    inner join build.catalogue.indicators as indicators using (indicator_code)
    where
        indicators.is_person_count
        and (
            try_cast(facts.numerator as double) between 1e-9 and policies.threshold_count - 1e-9
            or try_cast(facts.denominator as double) between 1e-9 and policies.threshold_count - 1e-9
        )
"""


def _is_figure(column: str, kind: str) -> bool:
    if column in (*KEY, *NO_FIGURES):
        return False
    # A CSV file has no types: there the columns are known by what they are called.
    return kind in NUMBER_TYPES or column in (*COUNTS, "obs_value", "value", "p25", "p75", "lower_ci", "upper_ci", "se")


def _count(connection: duckdb.DuckDBPyConnection, rest: str) -> int:
    found = connection.execute(f"select count(*) {rest}").fetchone()
    assert found is not None
    return int(found[0])


def _secrets(connection: duckdb.DuckDBPyConnection) -> _Secrets:
    remarks = connection.execute(
        f"select distinct trim(obs_comment) from hidden where length(trim(obs_comment)) >= {LEAST_REMARK} "
        "except select trim(obs_comment) from build.marts.fct_observations where obs_comment is not null"
    ).fetchall()
    pairs = connection.execute(HIDDEN_PAIRS).fetchall()
    forms = {form for (remark,) in remarks for form in _written_forms(remark)}
    return _Secrets(tuple(sorted(forms)), frozenset((_digits(a), _digits(b)) for a, b in pairs))


def _scan_text(path: Path, name: Path, secrets: _Secrets) -> Iterator[str]:
    text = path.read_bytes().decode("utf-8", errors="replace")
    if any(remark in text for remark in secrets.remarks):
        yield f"{name}: a remark about a hidden figure."
    pairs = set(_pairs_in(text))
    if pairs & secrets.pairs:
        yield f"{name}: the counts of {len(pairs & secrets.pairs)} hidden figures."


def _written_forms(remark: str) -> set[str]:
    """Return a remark as plain text, CSV, JSON, HTML and XML write it."""
    as_json = (json.dumps(remark, ensure_ascii=is_ascii)[1:-1] for is_ascii in (False, True))
    as_page = (html.escape(remark), html.escape(remark, quote=False))
    return {remark, remark.replace('"', '""'), *as_json, *as_page}


def _pairs_in(text: str) -> Iterator[tuple[str, ...]]:
    """Yield each pair of numbers with "of" between them, as digits; the word is looked for first, tables are long."""
    for word in re.finditer(OF, text):
        around = text[max(0, word.start() - LONGEST_NUMBER) : word.end() + LONGEST_NUMBER]
        for found in PAIR.finditer(around):
            yield tuple(re.sub(r"\D", "", number) for number in found.groups())


def _digits(count: float) -> str:
    return re.sub(r"\D", "", f"{count:.0f}")
