"""What must hold after every harm: nothing lost, no half release, the current one readable, the step done unaided."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingestion.store.published import current_release_id
from tests.chaos.forked import Ended, run
from tests.chaos.stages import STAGES, Prepared, half_published, lost, unreadable
from tests.chaos.tally import Tally


class Disturbed:
    """A copy of the home before a step, to be disturbed while the step is done, and looked at."""

    def __init__(self, prepared: Prepared, stage: str, folder: Path, tally: Tally, *, home: Path | None = None) -> None:
        self.prepared, self.stage, self.folder, self.tally = prepared, STAGES[stage], folder, tally
        folder.mkdir(parents=True)
        self.settings = prepared.copy(stage, home or folder / "home")

    def attempt(self, **how: Any) -> Ended:
        """Do the step, disturbed as `how` says, while a reader looks at the current release."""
        settings = self.settings
        return run(lambda: self.stage.work(settings), self.folder, meanwhile=self._read, **how)

    def require_whole(self, step: str) -> None:
        """Look at the home as a harm left it."""
        settings, sent = self.settings, self.prepared.sent(self.stage.name)

        def look() -> dict[str, Any]:
            return {
                "lost": lost(settings, sent),
                "half_published": half_published(settings),
                "unreadable": unreadable(settings) or [],
            }

        seen = self._fork(step, look)
        for what, said in (seen or {}).items():
            if said:
                self.tally.wrong(step, what, said)

    def require_result(self, step: str, then: Callable[[], None] = lambda: None) -> None:
        """Let the step be done unaided; its result must be that of an undisturbed one. Then remove the copy.

        `then` looks at more of it before that.
        """
        settings, stage, expected = self.settings, self.stage, self.prepared.expected(self.stage.name)
        ended = self.attempt()
        if ended.error:
            self.tally.wrong(step, "stuck", ended.error[-1500:])
        else:
            found = self._fork(step, lambda: stage.outcome(settings, self.folder))
            if found != expected:
                self.tally.wrong(step, "other_result", f"{found} instead of {expected}"[:1500])
            self.require_whole(step)
            then()
        shutil.rmtree(self.folder)

    def _fork(self, step: str, work: Callable[[], Any]) -> Any:
        ended = run(work, self.folder)
        if ended.error:
            self.tally.wrong(step, "stuck", ended.error[-1500:])
        return ended.returned

    def _read(self) -> None:
        """Be a reader at a random moment: the pointer and what it points at are there, whatever goes on."""
        current = current_release_id(self.settings)
        link = self.settings.home / "releases" / "current" / "release.json"
        if current not in link.read_text(encoding="utf-8"):
            # Between the link and the pointer: both releases are whole.
            assert (self.settings.home / "releases" / str(current) / "release.json").exists()
