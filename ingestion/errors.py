"""The errors that people read: one clear sentence, and an exit code that a program can act on."""

import errno
import os


class PcmError(Exception):
    """Our own fault or the machine's; the message says what is wrong and what to do. Exit code 3."""

    exit_code = 3


class UsageError(PcmError):
    """A setting, an argument or a place is not what it should be. Exit code 2."""

    exit_code = 2


DISK_FULL, QUOTA_FULL = os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT)


def is_disk_full(error: Exception) -> bool:
    """Say whether an error, of the system or of a library that passes on its words, means a full disk."""
    return says_disk_full(str(error))


def says_disk_full(words: str) -> bool:
    """Say whether the words of a program mean that a disk is full, or as much of it as we may fill."""
    return DISK_FULL in words or QUOTA_FULL in words


def sentence_for(error: Exception) -> str:
    """Return one sentence for an error of the operating system, the full disk first of all."""
    if is_disk_full(error):
        where = getattr(error, "filename", None) or "while writing"
        return (
            f"The disk is full ({where}). Nothing that was received is lost. "
            "Free some space and run the same command again."
        )
    if not isinstance(error, OSError):
        return f"Something went wrong that should not ({type(error).__name__}: {error}). Nothing is lost."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"No permission to use {error.filename}. Give this user the right to it, or set PCM_HOME elsewhere."
    return f"{error.strerror or error} ({error.filename or 'no file'})."
