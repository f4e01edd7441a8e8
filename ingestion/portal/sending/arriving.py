"""Files that arrive in pieces: what has come so far, kept on the disk, until the whole becomes a draft.

An upload under way is a folder `portal/arriving/<id>` with `about.json` and `bytes`; how far it is is the size of
`bytes`, nothing else. So a process that is killed loses nothing that it had taken, and no two tellers can disagree.
"""

import fcntl
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.ledger.audit_log import record
from ingestion.portal.roles import Account
from ingestion.portal.sending import drafts
from ingestion.settings import Settings
from ingestion.store.atomic import read_json, remove_folder, settle_folder, sha256_of, temporary_beside, write_json
from ingestion.store.home import Home

ABOUT, BYTES, DONE = "about.json", "bytes", "done.json"
ID_BYTES = 16
ID = re.compile(rf"[0-9a-f]{{{2 * ID_BYTES}}}")
LIFETIME_SECONDS = 24 * 3600  # since the last byte
MOST_OF_ONE_ACCOUNT = 50


class Elsewhere(Exception):
    """Bytes were sent for a place where the file does not end."""


class TooLong(Exception):
    """More bytes were sent than the file was said to have."""


class TooMany(Exception):
    """An account has begun more uploads than it may without ending one."""


@dataclass(frozen=True)
class Arriving:
    """One upload under way, or done not long ago."""

    arriving_id: str
    folder: Path

    @property
    def about(self) -> dict[str, Any]:
        """What was said when it began: `account_id`, `country_code`, `original_name`, `size_bytes`."""
        return dict(read_json(self.folder / ABOUT))

    @property
    def offset(self) -> int:
        """How many bytes have come."""
        return self.about["size_bytes"] if self.done else (self.folder / BYTES).stat().st_size

    @property
    def done(self) -> dict[str, str] | None:
        """What became of the whole file: `upload_id` and `sha256`; None as long as it is not whole."""
        path = self.folder / DONE
        return dict(read_json(path)) if path.exists() else None

    @property
    def expires_at_unix(self) -> float:
        """When it will be forgotten, if nothing more comes."""
        newest = max(path.stat().st_mtime for path in self.folder.iterdir())
        return newest + LIFETIME_SECONDS


def begin(settings: Settings, *, account: Account, country_code: str, name: str, size_bytes: int) -> Arriving:
    """Make room for a file. Errors: `TooMany`."""
    forget_expired(settings)
    if sum(_is_under_way(each, account) for each in _all(settings)) >= MOST_OF_ONE_ACCOUNT:
        raise TooMany
    arriving_id = secrets.token_hex(ID_BYTES)
    made = Arriving(arriving_id, _room(settings) / arriving_id)
    temporary = temporary_beside(made.folder)
    temporary.mkdir(mode=0o700)
    about = {"account_id": account.account_id, "country_code": country_code, "original_name": drafts.shown_name(name)}
    write_json(temporary / ABOUT, about | {"size_bytes": size_bytes})
    (temporary / BYTES).touch()
    settle_folder(temporary, made.folder)
    return made


def find(settings: Settings, account: Account, arriving_id: str) -> Arriving | None:
    """Return an upload of an account; None when there is none, it is another's, or its time is over."""
    if not ID.fullmatch(arriving_id):
        return None
    found = Arriving(arriving_id, _room(settings) / arriving_id)
    try:
        is_own = found.about["account_id"] == account.account_id
        return found if is_own and found.expires_at_unix > time.time() else None
    except FileNotFoundError:
        return None


def append(arriving: Arriving, offset: int, data: bytes) -> int:
    """Add bytes at the end, which must be at `offset`, and return where the end is now.

    Of two who send the same piece, for example because a line was dead and nobody noticed, one comes too late.
    Errors: `Elsewhere`; `TooLong`, for which nothing is added.
    """
    with (arriving.folder / BYTES).open("ab") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        end = os.fstat(stream.fileno()).st_size
        if arriving.done or end != offset:
            raise Elsewhere
        if end + len(data) > arriving.about["size_bytes"]:
            raise TooLong
        return end + stream.write(data)


def settle(settings: Settings, arriving: Arriving, account: Account) -> dict[str, str] | None:
    """Make a whole file a draft, and return what became of it; None as long as it is not whole. Safe to repeat.

    Errors: `FileNotFoundError` when it was forgotten meanwhile.
    """
    with _alone(arriving):
        about = arriving.about
        if not arriving.done and arriving.offset == about["size_bytes"]:
            with (arriving.folder / BYTES).open("rb") as stream:
                upload_id = drafts.keep(
                    settings, stream, name=about["original_name"], country_code=about["country_code"], account=account
                )
            sha256 = sha256_of(arriving.folder / BYTES)
            write_json(arriving.folder / DONE, {"upload_id": upload_id, "sha256": sha256})
            (arriving.folder / BYTES).unlink()
    return arriving.done


def forget(settings: Settings, arriving: Arriving, account: Account) -> None:
    """Forget what has come; a draft that was made of it stays."""
    with suppress(FileNotFoundError), _alone(arriving):
        remove_folder(arriving.folder)
    record(settings, "give up", account_id=account.account_id, subject=arriving.arriving_id)


def forget_expired(settings: Settings) -> None:
    """Forget the uploads whose time is over."""
    for each in _all(settings):
        with suppress(FileNotFoundError):  # somebody else forgot it in this moment
            if each.expires_at_unix < time.time():
                remove_folder(each.folder)


@contextmanager
def _alone(arriving: Arriving) -> Iterator[None]:
    """Let an upload be settled or forgotten by one at a time, and leave nothing of one that is gone."""
    with (arriving.folder / ABOUT).open("r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _is_under_way(arriving: Arriving, account: Account) -> bool:
    try:
        return arriving.about["account_id"] == account.account_id and not arriving.done
    except FileNotFoundError:  # forgotten in this moment
        return False


def _all(settings: Settings) -> Iterator[Arriving]:
    for folder in _room(settings).glob("[!.]*"):
        if (folder / ABOUT).exists():
            yield Arriving(folder.name, folder)


def _room(settings: Settings) -> Path:
    return Home(settings.home).portal / "arriving"
