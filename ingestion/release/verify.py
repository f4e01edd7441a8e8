"""Verify a release: every file still has the bytes that were published."""

from pathlib import Path

from ingestion.store.atomic import sha256_of


def verify(folder: Path) -> list[str]:
    """Return one sentence for each file of a release that changed or is gone; an empty list means intact."""
    problems = []
    for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        expected, name = line.split("  ", 1)
        path = folder / name
        if not path.exists():
            problems.append(f"{name} is missing.")
        elif sha256_of(path) != expected:
            problems.append(f"{name} has changed since it was published.")
    return problems
