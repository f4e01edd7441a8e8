"""Serve the portal on the loopback until stopped: `python -m ingestion.portal`."""

import tempfile

import uvicorn

from ingestion.checks.desk import ready_for_many
from ingestion.logs import set_up_logging
from ingestion.portal.app import make_portal
from ingestion.portal.web.steady_lines import steady_lines
from ingestion.settings import load_settings
from ingestion.store.atomic import remove_leftovers
from ingestion.store.home import Home


def main() -> None:
    """Serve; what is uploaded lies on the disk of the observatory from its first byte on."""
    settings = load_settings()
    set_up_logging(settings)
    home = Home(settings.home).create()
    for folder in home.portal.iterdir():
        remove_leftovers(folder)
    tempfile.tempdir = str(home.portal)
    with ready_for_many():
        uvicorn.run(
            make_portal(settings),
            host=settings.portal_host,
            port=settings.portal_port,
            log_level="warning",
            log_config=None,
            server_header=False,
            http=steady_lines(settings.slow_seconds),
            ws="none",
            # Whoever reaches the port is our proxy, and says from where a request comes.
            forwarded_allow_ips="*",
        )


if __name__ == "__main__":
    main()
