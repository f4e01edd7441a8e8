"""Where local sockets stand: in the home if its path is short enough for them, else in the temporary folder."""

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from ingestion.errors import UsageError
from ingestion.store.home import Home

# The kernel's limit for the path of a socket is 108 bytes on Linux and 104 on macOS, its end mark included.
LONGEST_SOCKET_PATH_BYTES = 103
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"


def socket_folder(home: Home) -> Path:
    """Return the folder for the sockets of a home; its path is short enough for the kernel."""
    folder = home.run / "sockets"
    if len(os.fsencode(folder / LONGEST_SOCKET_NAME)) <= LONGEST_SOCKET_PATH_BYTES:
        return folder
    name = hashlib.sha256(os.fsencode(home.root)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"pcm-{os.getuid()}-{name}"


def make_socket_folder(home: Home) -> None:
    """Make the folder unless it is there. Errors: `UsageError` when others than this user may enter it."""
    folder = socket_folder(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise UsageError(f"{folder} is not a folder of this user alone. Remove it and start again.")


def remove_socket_folder(home: Home) -> None:
    """Remove the folder of a home that is not served any more."""
    shutil.rmtree(socket_folder(home), ignore_errors=True)
