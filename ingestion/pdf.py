"""What every PDF of the observatory has in common: its standard, and whether this machine can make one."""

from ctypes.util import find_library
from functools import cache

VARIANT = "pdf/ua-1"


@cache
def is_possible() -> bool:
    """Say whether this machine has the libraries that draw text into a PDF (Debian: libpangoft2-1.0-0)."""
    return find_library("pangoft2-1.0") is not None
