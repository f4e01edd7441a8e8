"""The process that answers one query of a stranger: it may read one release, use so much of the machine, and end.

It reads one JSON document from its standard input and writes a line of JSON and the answer's bytes to its standard
output. It has no secret, no network by way of DuckDB, cannot write a file, and is killed by its parent in time.
"""

import csv
import io
import json
import math
import os
import resource
import sys
from collections.abc import Callable, Sequence
from typing import Any

from ingestion.formulas import neutralised
from ingestion.sql_text import search_public_schemas

THREADS = 2
# Beside DuckDB's own memory: Python, Arrow, the binaries, the result as text.
OVERHEAD_MB = 1536
OPEN_FILES = 64
CHEAP_TYPES = (str, int, float, bool, type(None))


class Refused(Exception):
    """The query is not answered: `kind` is `query`, `rows`, `memory` or `bytes`."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


def main() -> int:
    """Answer the query that standard input holds."""
    asked = json.loads(sys.stdin.buffer.read())
    _limit_process(asked)
    try:
        body = answer(asked)
        head = {"kind": "answer"}
    except Refused as refusal:
        head, body = {"kind": refusal.kind, "detail": str(refusal)}, b""
    except MemoryError:
        head, body = {"kind": "memory", "detail": ""}, b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)
    sys.stdout.buffer.flush()
    return 0


def _limit_process(asked: dict[str, Any]) -> None:
    memory = (asked["memory_mb"] + OVERHEAD_MB) << 20
    cpu_seconds = math.ceil(asked["seconds"] * THREADS) + 1
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: OPEN_FILES,
    }
    for kind, wanted in limits.items():
        _, hard = resource.getrlimit(kind)
        amount = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (amount, amount))


def answer(asked: dict[str, Any]) -> bytes:
    """Return the answer's bytes. Errors: `Refused`; `MemoryError`."""
    import duckdb

    try:
        with duckdb.connect(asked["warehouse"], read_only=True, config=_configuration(asked)) as connection:
            search_public_schemas(connection)
            connection.execute("set lock_configuration = true")
            connection.execute(_the_one_question(connection, asked["sql"]))
            return _WRITERS[asked["format"]](connection, asked["max_rows"])
    except duckdb.OutOfMemoryException:
        raise MemoryError from None
    except duckdb.Error as error:
        raise Refused("query", str(error)) from None


def _configuration(asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "enable_external_access": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "memory_limit": f"{asked['memory_mb']}MB",
        "temp_directory": "",
        "threads": THREADS,
    }


def _the_one_question(connection: Any, sql: str) -> Any:
    import duckdb

    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise Refused("query", f"Send one statement; these are {len(statements)}.")
    if statements[0].type != duckdb.StatementType.SELECT:
        name = statements[0].type.name.replace("_", " ").lower()
        raise Refused("query", f"Only SELECT is answered here, and this is {name}.")
    return statements[0]


def _csv(connection: Any, max_rows: int) -> bytes:
    names, rows = _rows(connection, max_rows)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8", errors="replace")


def _csv_cell(value: Any) -> Any:
    """Return a value as the CSV files of a release have it: a text of a sender is no formula there."""
    if isinstance(value, str):
        return neutralised(value)
    return str(value).lower() if isinstance(value, bool) else value


def _json(connection: Any, max_rows: int) -> bytes:
    names, rows = _rows(connection, max_rows)
    records = [{name: _json_value(value) for name, value in zip(names, row, strict=True)} for row in rows]
    return json.dumps(records, ensure_ascii=False, allow_nan=False).encode("utf-8", errors="replace")


def _json_value(value: Any) -> Any:
    """Return a value as JSON can hold it: JSON has no infinity, and keys are texts."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_json_value(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _json_value(each) for key, each in value.items()}
    return value if isinstance(value, CHEAP_TYPES) else str(value)


def _rows(connection: Any, max_rows: int) -> tuple[list[str], Sequence[tuple[Any, ...]]]:
    names = [column[0] for column in connection.description]
    rows = connection.fetchmany(max_rows + 1)
    _require_few(len(rows), max_rows)
    return names, rows


def _arrow(connection: Any, max_rows: int) -> bytes:
    import pyarrow

    reader = connection.to_arrow_reader(10_000)
    sink, count = io.BytesIO(), 0
    with pyarrow.ipc.new_stream(sink, reader.schema) as writer:
        for batch in reader:
            count += batch.num_rows
            _require_few(count, max_rows)
            writer.write_batch(batch)
    return sink.getvalue()


def _require_few(count: int, max_rows: int) -> None:
    if count > max_rows:
        raise Refused("rows", f"The answer has more than {max_rows} rows.")


_WRITERS: dict[str, Callable[[Any, int], bytes]] = {"csv": _csv, "json": _json, "arrow": _arrow}

if __name__ == "__main__":
    status = main()
    os._exit(status)
