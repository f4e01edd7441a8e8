"""Count what a harm did, step by step, and append it to a file of results, whether the test passes or fails."""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from dashboards.reliability import WRONGS, tested_code
from ingestion.warehouse.manifest import source_commit


class Tally:
    """How often a harm was done in each step, and how often something went wrong after it."""

    def __init__(self) -> None:
        self.trials: dict[str, int] = defaultdict(int)
        self.wrongs: dict[tuple[str, str], list[str]] = defaultdict(list)

    def wrong(self, step: str, what: str, said: object) -> None:
        """Record that something went wrong: `what` is one of the columns of wrongs."""
        assert what in WRONGS, what
        self.wrongs[step, what].append(str(said))

    def lines(self, harm: str, seed: int, part: str) -> Iterator[dict[str, object]]:
        """Yield one result for each step."""
        for step in sorted({*self.trials, *(step for step, _ in self.wrongs)}):
            counts = {what: len(self.wrongs[step, what]) for what in WRONGS}
            known = {"harm": harm, "step": step, "trials": self.trials[step], **counts}
            yield {**known, "seed": seed, "part": part, **_version()}


@contextmanager
def tallied(results: Path, harm: str, seed: int, part: str) -> Iterator[Tally]:
    """Give a tally, keep it as results however this ends, and fail if anything went wrong.

    `part` tells apart what one run did with one seed.
    """
    tally = Tally()
    try:
        yield tally
    finally:
        results.parent.mkdir(parents=True, exist_ok=True)
        with results.open("a", encoding="utf-8") as stream:
            stream.writelines(json.dumps(line) + "\n" for line in tally.lines(harm, seed, part))
    print(f"{harm} ({part}), seed {seed}: {dict(tally.trials)}")
    assert not any(tally.wrongs.values()), {key: said[:3] for key, said in tally.wrongs.items() if said}


def _version() -> dict[str, str]:
    now = datetime.now(UTC).isoformat(timespec="minutes")
    return {"run_at": now, "code": tested_code(), "commit": source_commit() or ""}
