"""Serve the portal on the loopback until stopped: `python -m ingestion.portal`."""

import os
import tempfile

import uvicorn

from ingestion.portal.addresses import LOOPBACK
from ingestion.portal.app import make_portal
from ingestion.settings import load_settings
from ingestion.store.home import Home

BEHIND_PROXY = "PORTAL_HOST"  # in a container the proxy is on another machine


def main() -> None:
    """Serve; what is uploaded lies on the disk of the observatory from its first byte on."""
    settings = load_settings()
    home = Home(settings.home).create()
    tempfile.tempdir = str(home.portal)
    host = os.environ.get(BEHIND_PROXY, LOOPBACK)
    uvicorn.run(
        make_portal(settings),
        host=host,
        port=settings.portal_port,
        log_level="warning",
        server_header=False,
        forwarded_allow_ips=LOOPBACK if host == LOOPBACK else "*",
    )


if __name__ == "__main__":
    main()
