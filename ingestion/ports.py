"""Ports of this machine: whether ours are free, and what answers on one."""

import socket
import time
import urllib.request

from ingestion.errors import UsageError
from ingestion.settings import LOOPBACK, Settings

LOOK_SECONDS = 0.1


def require_free_ports(settings: Settings, *, patience_seconds: float = 0) -> None:
    """Wait a while for our ports to become free.

    Errors: `UsageError` naming the port that another program holds, and the setting that moves ours.
    """
    deadline = time.monotonic() + patience_seconds
    wanted = {
        "PCM_AIRFLOW_PORT": ("Airflow", settings.airflow_port),
        "PCM_SITE_PORT": ("the site", settings.site_port),
        "PCM_PORTAL_PORT": ("the portal", settings.portal_port),
    }
    for setting, (what, port) in wanted.items():
        while not _is_free(port) and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
        if not _is_free(port):
            raise UsageError(
                f"Port {port}, meant for {what}, is in use by another program. "
                f"Stop that program, or choose another port, for example {setting}={port + 1}."
            )


def ask_port(request: urllib.request.Request | str, *, seconds: float) -> bytes:
    """Return what a port of this machine answers, asked straight, whatever proxy leads out. Errors: `OSError`."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=seconds) as answer:
        return bytes(answer.read())


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do: a port that only waits for late packets of closed connections is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
