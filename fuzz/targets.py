"""What is fuzzed: each target takes any bytes, and must end in a table or in a refusal of the check registry."""

import io
import tempfile
import zipfile
from collections.abc import Callable
from itertools import product
from pathlib import Path

from ingestion.checks.registry import checks
from ingestion.reading import RawTable, Unreadable, read_table
from ingestion.reading.delimited import read_delimited
from ingestion.reading.numbers import both_readings, decide_columns, number_in
from tests.files import COLUMNS, as_lines, csv_text, figures, workbook_bytes
from tests.hostile.corpus import ods, parts_of

HEADER = ";".join(COLUMNS)
WORKBOOK_PARTS = parts_of(workbook_bytes(as_lines(figures())))
DOCUMENT_PARTS = parts_of(ods())
# The first byte of an input says which part of the archive the rest stands for.
FUZZED_PARTS = (
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml",
    "xl/styles.xml",
)


def fuzz_csv(data: bytes) -> None:
    """Decode and read a text: the first byte chooses the country's code page."""
    encodings = ("cp1250", "cp1251", "cp1252", "cp1253", "cp1257")
    encoding = encodings[data[0] % len(encodings)] if data else encodings[0]
    _must_end_well(lambda: read_delimited(data[1:], legacy_encoding=encoding))


def fuzz_sdmx(data: bytes) -> None:
    """Read a text under a header of SDMX-CSV."""
    leading = (b"DATAFLOW,", b"STRUCTURE,STRUCTURE_ID,ACTION,", b"STRUCTURE[;],STRUCTURE_ID,STRUCTURE_NAME,ACTION,")
    head = leading[data[0] % len(leading)] if data else leading[0]
    _must_end_well(lambda: read_delimited(head + b"INDICATOR,REF_AREA,SEX: Sex," + data[1:], legacy_encoding="cp1252"))


def fuzz_xlsx(data: bytes) -> None:
    """Read a workbook of which one part is the input."""
    part = FUZZED_PARTS[data[0] % len(FUZZED_PARTS)] if data else FUZZED_PARTS[0]
    _read_archive(WORKBOOK_PARTS | {part: data[1:]})


def fuzz_archive(data: bytes) -> None:
    """Read bytes that begin like an archive."""
    _read_file(b"PK" + data)


def fuzz_ods(data: bytes) -> None:
    """Read an OpenDocument spreadsheet whose content is the input."""
    _read_archive(DOCUMENT_PARTS | {"content.xml": data})


def fuzz_numbers(data: bytes) -> None:
    """Decide a column of numbers, and read each of its texts."""
    texts = data.decode("utf-8", "replace").split("\n")
    for sign, groups_by_sign, counts in product(",.", (True, False), ((), ("NUMERATOR",))):
        columns = {"NUMERATOR": texts}
        reading = decide_columns(columns, home_sign=sign, groups_by_sign=groups_by_sign, counts=counts)["NUMERATOR"]
        for text in texts:
            number = number_in(text, reading.decimal_sign)
            assert number is None or number in both_readings(text)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "csv": fuzz_csv,
    "sdmx": fuzz_sdmx,
    "xlsx": fuzz_xlsx,
    "archive": fuzz_archive,
    "ods": fuzz_ods,
    "numbers": fuzz_numbers,
}


def seeds() -> dict[str, list[bytes]]:
    """Return good inputs of each target, from which the fuzzer starts."""
    text = csv_text(as_lines(figures()))
    return {
        "csv": [
            b"\2" + text.encode(),
            b"\2" + text.encode("utf-16"),
            b"\2sep=;\r\n" + text.encode(),
            b'\1a;"b\n' + text.encode(),
        ],
        "sdmx": [
            b"\1TIME_PERIOD,NUMERATOR\ndataflow,A:B(1.0),I,RSM_02,LU,F: Female,2025,1\n",
            b"\0TIME_PERIOD\nD,X,LU,F,1\n",
        ],
        "xlsx": [bytes([index]) + WORKBOOK_PARTS[part] for index, part in enumerate(FUZZED_PARTS)],
        "archive": [workbook_bytes(as_lines(figures()))[2:], ods()[2:]],
        "ods": [DOCUMENT_PARTS["content.xml"]],
        "numbers": ["1.234,5\n1 234\n−5\n1'234.5\n1e5".encode()],
    }


def _read_archive(parts: dict[str, bytes]) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    _read_file(stream.getvalue())


def _read_file(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=_memory_folder()) as file:
        file.write(data)
        file.flush()
        _must_end_well(lambda: read_table(Path(file.name), country_code="LU"))


def _memory_folder() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _must_end_well(read: Callable[[], RawTable]) -> None:
    try:
        table = read()
    except Unreadable as refusal:
        assert refusal.rule in checks(), refusal.rule
        refusal.expected.format(**refusal.given)
        return
    assert len({number for number, _ in table.rows}) == len(table.rows)
    for remark in [*table.faults, *table.notes]:
        assert remark.rule in checks(), remark.rule
        remark.expected.format(**remark.given)
