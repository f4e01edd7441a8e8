"""The errors that people read: one clear sentence, and an exit code that a program can act on."""

import errno


class PcmError(Exception):
    """Our own fault or the machine's; the message says what is wrong and what to do. Exit code 3."""

    exit_code = 3


class UsageError(PcmError):
    """A setting, an argument or a place is not what it should be. Exit code 2."""

    exit_code = 2


def sentence_for(error: OSError) -> str:
    """Return one sentence for an error of the operating system, the full disk first of all."""
    if error.errno == errno.ENOSPC:
        return (
            f"The disk is full ({error.filename or 'while writing'}). Nothing that was received is lost. "
            "Free some space and run the same command again."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"No permission to use {error.filename}. Give this user the right to it, or set PCM_HOME elsewhere."
    return f"{error.strerror or error} ({error.filename or 'no file'})."
