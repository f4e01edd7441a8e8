"""A server that answers as S3 does (moto), in a process of its own."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.e2e.running_stack import free_port, is_free

START_SECONDS = 60
# What a client must say; the server lets everybody in.
KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "not-a-secret"}
REGION = "eu-central-1"


@contextmanager
def running_object_store(bucket: str) -> Iterator[str]:
    """Serve an empty bucket and yield the address of the server, `host:port`."""
    from pyarrow.fs import S3FileSystem

    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while is_free(port):
            assert time.monotonic() < deadline, "the S3 server does not start"
            time.sleep(0.1)
        S3FileSystem(
            endpoint_override=f"127.0.0.1:{port}",
            scheme="http",
            region=REGION,
            allow_bucket_creation=True,
            access_key=KEYS["AWS_ACCESS_KEY_ID"],
            secret_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        ).create_dir(bucket)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
