"""SHA256SUMS: the hash of each file of a folder that is to be verified, as `sha256sum --check` reads it."""

from collections.abc import Mapping
from pathlib import Path

SUMS = "SHA256SUMS"


def sums_text(sums: Mapping[str, str]) -> str:
    """Return the text of {file: SHA-256}."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sums.items())


def read_sums(folder: Path) -> dict[str, str]:
    """Return {file: SHA-256} of a folder. Errors: `OSError` when it has no sums, `ValueError` when they are damaged."""
    pairs = (line.split("  ", 1) for line in (folder / SUMS).read_text(encoding="utf-8").splitlines())
    return {name: sha256 for sha256, name in pairs}
