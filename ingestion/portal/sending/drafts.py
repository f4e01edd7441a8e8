"""Drafts: files that were uploaded and examined, and do not count until their country says "send".

A draft lies under the id that its submission will have, whatever name its file has.
"""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

from ingestion import ledger
from ingestion.checks import ACCEPTED_FILE
from ingestion.checks.desk import examine
from ingestion.checks.verdict import UNREADABLE
from ingestion.intake import receive
from ingestion.intake.claim import HASH_LENGTH_IN_ID, ending_of, submission_id_of
from ingestion.ledger.audit_log import record
from ingestion.logs import about
from ingestion.portal.roles import Account
from ingestion.settings import Settings
from ingestion.store.atomic import (
    copy_hashed,
    read_json,
    remove_folder,
    settle_folder,
    temporary_beside,
    write_bytes,
    write_json,
)
from ingestion.store.home import Home
from ingestion.store.locks import exclusively_everywhere

ID = re.compile(rf"([A-Z]{{2}})-[0-9a-f]{{{HASH_LENGTH_IN_ID}}}")
FACTS, RESULT, APPROVAL = "upload.json", "result.json", "approval.json"
NO_NAME = "file"
# A draft with which nothing was done for so long is discarded.
DRAFT_DAYS = 30
LONGEST_NAME = 200
# Control signs, and those that nobody sees: they turn the direction of writing, end a line or have no width.
NOT_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class DraftGone(Exception):
    """A draft was sent or discarded while somebody waited for its answer."""


@dataclass(frozen=True)
class Draft:
    """A file that waits for its country to send it."""

    upload_id: str
    country_code: str
    folder: Path

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What is known of the upload: `original_name`, `sha256`, `size_bytes`, `account_id`, `uploaded_at`.

        Errors: `DraftGone`.
        """
        try:
            return dict(read_json(self.folder / FACTS))
        except FileNotFoundError:
            raise DraftGone from None

    @property
    def is_there(self) -> bool:
        """Whether it was neither sent nor discarded; who asked once knows its facts for good."""
        try:
            return bool(self.facts)
        except DraftGone:
            return False

    @property
    def approval(self) -> dict[str, Any] | None:
        """What is asked of a second person: `state`, who put it forward, why it was returned; None before."""
        try:
            return dict(read_json(self.folder / APPROVAL))
        except FileNotFoundError:
            return None

    @property
    def original(self) -> Path:
        """The file, byte for byte."""
        [path] = self.folder.glob("original*")
        return path

    @property
    def is_examined(self) -> bool:
        """Whether the desk has answered."""
        return (self.folder / RESULT).exists()

    @property
    def accepted(self) -> Path:
        """The rows that would be accepted; there is no such file when none would."""
        return self.folder / ACCEPTED_FILE


def shown_name(name: str) -> str:
    """Return the name that a sender gave a file, for people to read: no folder, no control signs, not too long."""
    base = re.split(r"[/\\]", name)[-1]
    clean = NOT_IN_A_NAME.sub("", base.encode("utf-8", "replace").decode("utf-8")).strip()
    stem, dot, ending = clean.rpartition(".")
    return clean if len(clean) <= LONGEST_NAME else (stem or ending)[:LONGEST_NAME] + (dot + ending if stem else "")[:9]


def keep(settings: Settings, stream: BinaryIO, *, name: str, country_code: str, account: Account) -> str:
    """Keep an uploaded file and return its id; a file that is a draft already, or was sent, is not kept twice.

    One that could not be read before is looked at again.
    """
    name = shown_name(name) or NO_NAME
    holding = Home(settings.home).portal / country_code
    temporary = temporary_beside(holding / NO_NAME)
    temporary.mkdir(mode=0o700, parents=True)
    try:
        sha256, size_bytes = copy_hashed(stream, temporary / f"original{ending_of(Path(name))}")
        upload_id = submission_id_of(country_code, sha256)
        facts = {
            "original_name": name,
            "sha256": sha256,
            "size_bytes": size_bytes,
            "account_id": account.account_id,
            "uploaded_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        write_json(temporary / FACTS, facts)
        if not sent_before(settings, upload_id):
            settle_folder(temporary, holding / upload_id)
            _forget_failed_reading(holding / upload_id)
            if sent_before(settings, upload_id):  # somebody sent the same file in this moment
                remove_folder(holding / upload_id)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    record(settings, "upload", account_id=account.account_id, subject=upload_id, file_sha256=sha256)
    return upload_id


def sent_before(settings: Settings, upload_id: str) -> dict[str, Any] | None:
    """Return what the ledger knows of a file that was sent already; None of one that could not be read then."""
    found = ledger.find(settings, upload_id)
    return found if found and found["verdict"] != UNREADABLE else None


def _forget_failed_reading(folder: Path) -> None:
    result = folder / RESULT
    if result.exists() and read_json(result)["verdict"] == UNREADABLE:
        result.unlink(missing_ok=True)


def find_draft(settings: Settings, upload_id: str) -> Draft | None:
    """Return a draft; None when there is none (any more)."""
    match = ID.fullmatch(upload_id)
    if not match:
        return None
    folder = Home(settings.home).portal / match[1] / upload_id
    return Draft(upload_id, match[1], folder) if folder.is_dir() else None


def drafts_of(settings: Settings, country_code: str) -> list[Draft]:
    """Return the drafts of a country, the latest first."""
    folders = (Home(settings.home).portal / country_code).glob("[!.]*")
    found = [draft for folder in folders if (draft := Draft(folder.name, country_code, folder)).is_there]
    return sorted(found, key=lambda draft: (draft.facts["uploaded_at"], draft.upload_id), reverse=True)


def answer_of(settings: Settings, draft: Draft, *, gives_way: bool = False) -> dict[str, Any]:
    """Return the desk's answer to a draft, free of language; the file is examined when it was not yet.

    `gives_way`: the files of others come first.
    Errors: `DraftGone`; `PcmError` for a fault of ours.
    """
    with about(draft.upload_id), _alone(settings, draft):
        if not draft.folder.is_dir():
            raise DraftGone
        return dict(read_json(draft.folder / RESULT)) if draft.is_examined else _examine(settings, draft, gives_way)


def discard(settings: Settings, draft: Draft, account: Account) -> None:
    """Forget a draft; nothing of it ever counted."""
    with _alone(settings, draft):
        remove_folder(draft.folder)
    record(settings, "discard", account_id=account.account_id, subject=draft.upload_id)


def submit(settings: Settings, draft: Draft, account: Account) -> None:
    """Make a draft a submission that waits for its answer, by the same intake as every other file.

    Safe to repeat, and safe for two at once: the same bytes are one submission.
    """
    with _alone(settings, draft):
        if draft.folder.is_dir():
            submission_id = receive(
                settings,
                draft.original,
                country_code=draft.country_code,
                arrived_via="portal",
                original_name=draft.facts["original_name"],
                sender=account.account_id,
            )
            record(
                settings,
                "send",
                account_id=account.account_id,
                subject=submission_id,
                file_sha256=draft.facts["sha256"],
            )
            remove_folder(draft.folder)


def note_approval(settings: Settings, draft: Draft, approval: dict[str, Any]) -> None:
    """Keep beside a draft what is asked of a second person. Errors: `DraftGone`."""
    with _alone(settings, draft):
        if not draft.folder.is_dir():
            raise DraftGone
        write_json(draft.folder / APPROVAL, approval)


@contextmanager
def _alone(settings: Settings, draft: Draft) -> Iterator[None]:
    """One at a time for each draft."""
    with exclusively_everywhere(settings, f"upload-{draft.upload_id}"):
        yield


def _examine(settings: Settings, draft: Draft, gives_way: bool) -> dict[str, Any]:
    work_folder = temporary_beside(draft.accepted)
    try:
        result = examine(
            draft.original,
            country_code=draft.country_code,
            work_folder=work_folder,
            settings=settings,
            original_name=draft.facts["original_name"],
            gives_way=gives_way,
        )
        if (work_folder / ACCEPTED_FILE).exists():
            (work_folder / ACCEPTED_FILE).replace(draft.accepted)
        # In one line: of a large file, which has thousands of findings, Python indents for a second.
        write_bytes(draft.folder / RESULT, json.dumps(result, ensure_ascii=False).encode())
        return result
    finally:
        shutil.rmtree(work_folder, ignore_errors=True)
