"""Serve an application on the loopback for as long as a test needs it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from ingestion.settings import LOOPBACK


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Yield the address, without a slash at its end, at which the application answers."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False))
    with socket.create_server((LOOPBACK, 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
