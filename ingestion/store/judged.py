"""Builds that the gate has judged: what is due, held, a draft or left over is decided by looking at them."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ingestion.settings import Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home


@dataclass(frozen=True)
class JudgedBuild:
    """A build that the gate has judged; its files are read when they are asked for."""

    folder: Path

    @property
    def build_id(self) -> str:
        """The id of the build."""
        return self.folder.name

    @cached_property
    def gate(self) -> dict[str, Any]:
        """What the gate said."""
        return dict(read_json(self.folder / "gate.json"))

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the build is made of."""
        return dict(read_json(self.folder / "manifest.json"))


def judged_builds(settings: Settings) -> list[JudgedBuild]:
    """Return the builds that were judged, in the order of their ids."""
    return [JudgedBuild(path.parent) for path in sorted(Home(settings.home).builds.glob("b-*/gate.json"))]
