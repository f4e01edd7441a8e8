"""Debian's Chromium, where it is installed, and how tests start it."""

import shutil

CHROMIUM = shutil.which("chromium")
NO_CHROMIUM = "There is no chromium on this machine (Debian: apt-get install chromium)."
# The background flags keep Chromium from calling its maker; its sandbox does not start as root.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
