"""Read and check one file: the work of the desk's child process."""

import resource
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from ingestion.catalogue import load_beside, rows
from ingestion.checks import ACCEPTED_FILE
from ingestion.checks.cells import type_cells
from ingestion.checks.comparison import load_earlier
from ingestion.checks.earlier import NOTHING_EARLIER, Earlier
from ingestion.checks.findings import Finding, finding_as_dict, group_findings
from ingestion.checks.fixed_tables import create_fixed_tables
from ingestion.checks.header_checks import check_header
from ingestion.checks.parsed import parsed
from ingestion.checks.raw import CODED, ReadAhead, is_large, load_raw
from ingestion.checks.registry import STAGES, catalogue_tables, queries, rules_version
from ingestion.checks.rules import check_table
from ingestion.checks.side_by_side import DESK, look_at_desk
from ingestion.checks.tables import create_tables
from ingestion.checks.template_checks import check_fingerprint
from ingestion.checks.verdict import Fates, decide_fates, decide_verdict, refuse_all
from ingestion.checks.vocabulary import code_lists
from ingestion.reading import RawTable, Unreadable, read_table
from ingestion.reading.cell import column_letters
from ingestion.sql_text import CALLS_NOBODY, quoted

if TYPE_CHECKING:
    import pyarrow as pa

    from ingestion.checks.coded import CodedText

MISSPELT_COLUMN = "MISSPELT_COLUMN"
MOST_DATABASE_MB = 400  # a million rows fit, with Arrow's columns and the process itself, into a gigabyte


def examine_here(
    path: Path, *, country_code: str, work_folder: Path, earlier: Earlier = NOTHING_EARLIER
) -> dict[str, Any]:
    """Return the result for a file, all but the facts of the submission that only the parent knows.

    Writes `work_folder/accepted.parquet` if any row was accepted. To be run in the child process only.
    """
    examine = partial(_examine, path, country_code=country_code, work_folder=work_folder, earlier=earlier)
    try:
        return examine()
    except _Misspelt as slip:
        misspelt = slip.findings
    return examine(misspelt=misspelt)


class _Misspelt(Exception):
    """The columns are those of the format but for names that are nearly right, as `findings` say."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__()
        self.findings = findings


def _with_names(table: RawTable, misspelt: Sequence[Finding]) -> RawTable:
    """Return a table as if names that are nearly right were right: so that all its problems are told at once."""
    header = table.header
    meant = {finding.expected: header.texts.index(finding.found) for finding in misspelt}
    return replace(table, header=replace(header, positions=header.positions | meant))


def _examine(
    path: Path, *, country_code: str, work_folder: Path, earlier: Earlier, misspelt: Sequence[Finding] = ()
) -> dict[str, Any]:
    """Return the result for a file; one whose names are `misspelt` is refused, whatever else is found in it."""
    ahead = ReadAhead()
    try:
        table = _with_names(read_table(path, country_code=country_code, foresee=ahead.foresee), misspelt)
    except Unreadable as refusal:
        return unreadable(Finding(refusal.rule, found=refusal.found, expected=refusal.expected, given=refusal.given))
    with _desk() as connection:
        _limit_memory(connection, work_folder)
        coded = load_raw(connection, table, work_folder, ahead)
        return _examine_table(
            connection,
            table,
            coded,
            country_code=country_code,
            work_folder=work_folder,
            earlier=earlier,
            misspelt=misspelt,
        )


@cache
def prepare() -> duckdb.DuckDBPyConnection:
    """Return a DuckDB that holds the catalogue: made once, so that it is ready before a file is.

    It works in one thread: several cost more processor time than they save, and DuckDB 2.0 has been seen to give up a
    whole database over a hash join of several (its issue 24807). A process that has some must not be forked, either.
    """
    connection = duckdb.connect(
        config={"threads": 1, "async_threads": 0, "memory_limit": f"{MOST_DATABASE_MB}MiB", **CALLS_NOBODY}
    )
    load_beside(connection, {*catalogue_tables(), *code_lists().values()})
    create_fixed_tables(connection)
    return connection


def prepare_for_many() -> None:
    """As `prepare`, and examine a first file, of one row: what is read and parsed for it need not be so again.

    Arrow is only imported: it starts threads when it reads, and a process that has some must not be forked.
    """
    import_module(CODED)
    prepare()
    for stage in STAGES:
        for query in queries(stage):
            parsed(prepare(), query.sql)
    first = {"INDICATOR": rows("indicators")[0]["indicator_code"], "REF_AREA": rows("countries")[0]["country_code"]}
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "first.csv"
        path.write_text("\n".join([",".join([*first, "TIME_PERIOD"]), ",".join([*first.values(), "2025"])]) + "\n")
        examine_here(path, country_code=first["REF_AREA"], work_folder=path.parent)


@contextmanager
def _desk() -> Iterator[duckdb.DuckDBPyConnection]:
    """Give an empty database for one file, beside the catalogue, and throw it away afterwards."""
    with prepare().cursor() as connection:
        connection.execute(f"attach ':memory:' as {DESK}")
        look_at_desk(connection)
        try:
            yield connection
        finally:
            connection.execute("use memory")
            connection.execute(f"detach {DESK}")


def _limit_memory(connection: duckdb.DuckDBPyConnection, work_folder: Path) -> None:
    """Let DuckDB go to the disk, or say that it cannot, well before the process reaches its own limit and dies."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    megabytes = (limit >> 20) * 2 // 5
    if limit != resource.RLIM_INFINITY and megabytes < MOST_DATABASE_MB:
        connection.execute(f"set memory_limit = '{megabytes}MiB'")
    connection.execute(f"set temp_directory = '{work_folder.absolute() / 'spill'}'")


def unreadable(finding: Finding) -> dict[str, Any]:
    """Return the result for a file that could not be read at all."""
    return _result(None, [finding], Fates())


def _examine_table(
    connection: duckdb.DuckDBPyConnection,
    table: RawTable,
    coded: "CodedText | None",
    *,
    country_code: str,
    work_folder: Path,
    earlier: Earlier,
    misspelt: Sequence[Finding],
) -> dict[str, Any]:
    typing, coded_rows = type_cells(connection, table, coded, country_code=country_code)
    findings = [
        *check_header(connection, table, country_code=country_code),
        *check_fingerprint(table, country_code=country_code),
    ]
    if errors := [finding for finding in findings if finding.is_error]:
        if all(finding.rule == MISSPELT_COLUMN for finding in errors):
            raise _Misspelt(errors)
        return _result(table, findings, refuse_all(connection))
    if any(finding.refuses_file for finding in typing):
        return _result(table, sorted([*findings, *typing], key=_in_file_order), refuse_all(connection))
    compared_with = load_earlier(connection, earlier, country_code=country_code)
    create_tables(connection, country_code=country_code, coded_rows=coded_rows, is_large=is_large(table))
    answers = check_table(connection, table, is_large=is_large(table))
    if answers.is_of_another_country:
        # Nothing is said of cells that are not its sender's, but whose template it is helps to see what happened.
        said = [*check_fingerprint(table, country_code=country_code), *answers.findings()]
        return _result(table, said, refuse_all(connection))
    if misspelt:
        said = [*misspelt, *findings, *typing, *answers.findings()]
        return _result(table, sorted(said, key=_in_file_order), refuse_all(connection))
    misread = {finding.row for finding in typing if finding.row and finding.is_error}
    fates = decide_fates(connection, misread | answers.wrong_rows())
    with ThreadPoolExecutor(1) as beside:
        writing = None
        if fates.accepted:
            accepted = work_folder / ACCEPTED_FILE
            writing = beside.submit(_writer(connection, accepted, coded_rows if is_large(table) else None))
        result = _result(table, sorted([*findings, *typing, *answers.findings()], key=_in_file_order), fates)
        if writing:
            writing.result()
    return {**result, "compared_with": compared_with}


def _in_file_order(finding: Finding) -> tuple[int, int, str, str]:
    cell = finding.cell or ""
    return finding.row or 0, len(cell), cell, finding.rule


def _result(table: RawTable | None, findings: list[Finding], fates: Fates) -> dict[str, Any]:
    shown = [finding_as_dict(finding, sheet=table.sheet if table else None) for finding in findings]
    return {
        "submission": {
            "file_format": table.file_format if table else None,
            "encoding": table.encoding if table else None,
            "delimiter": table.delimiter if table else None,
            "sheet": table.sheet if table else None,
            # With the row of a figure these give its cell, as long as the figure lives.
            "columns": _letters(table) if table else {},
        },
        "verdict": decide_verdict(fates, findings),
        "rows": fates.counts(),
        "rules_version": rules_version(),
        "findings": shown,
        "groups": group_findings(shown),
        "indicators": fates.indicators,
    }


def _letters(table: RawTable) -> dict[str, str]:
    """Return {column of the format: the letters of its column in the file}."""
    return {name: column_letters(index) for name, index in table.header.positions.items()}


def _writer(connection: duckdb.DuckDBPyConnection, path: Path, large: "pa.Table | None") -> Callable[[], None]:
    """Return what writes the accepted rows, in the order of the file and with its row numbers, beside other work."""
    columns = [*(row["column_name"].lower() for row in rows("submission_columns")), "source_row"]
    if large is None:
        in_order = f"select {', '.join(columns)} from accepted order by source_row"
        return partial(_write, connection.cursor(), in_order, path)
    from ingestion.checks.coded import write_rows

    accepted = connection.sql("select source_row from accepted").to_arrow_table()["source_row"]
    return partial(write_rows, large.select(columns), accepted, path)


def _write(cursor: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    with cursor:
        look_at_desk(cursor)
        cursor.execute(f"copy ({query}) to '{quoted(path)}' (format parquet)")
