"""A server that answers as S3 does (moto), in a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ingestion.settings import PROJECT_ROOT
from tests.e2e.running_stack import free_port, is_free

START_SECONDS = 60
# What a client must say; the server lets everybody in.
KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "not-a-secret"}
REGION = "eu-central-1"


def store_url(bucket: str, folder: str, address: str) -> str:
    """Return what PCM_STORE says of a folder in a bucket of a server."""
    return f"s3://{bucket}/{folder}?endpoint_override={address}&scheme=http&region={REGION}"


@contextmanager
def running(module: str, port: int, *words: str) -> Iterator[None]:
    """Run a server of this Python in a process of its own and wait until it listens."""
    command = [sys.executable, "-m", module, *words]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=PROJECT_ROOT)
    try:
        deadline = time.monotonic() + START_SECONDS
        while is_free(port):
            assert process.poll() is None and time.monotonic() < deadline, f"{module} does not start"
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def running_object_store(bucket: str) -> Iterator[str]:
    """Serve an empty bucket and yield the address of the server, `host:port`."""
    port = free_port()
    address = f"127.0.0.1:{port}"
    with running("moto.server", port, "-p", str(port)):
        # In a process of its own: this one must stay free of Arrow's threads for those who fork.
        environment = {**os.environ, **KEYS, "PCM_STORE": store_url(bucket, "home", address)}
        subprocess.run([sys.executable, PROJECT_ROOT / "deploy" / "make_bucket.py"], check=True, env=environment)
        yield address
