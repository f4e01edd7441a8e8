"""A whole observatory as its user starts it: `pcm up` in a process of its own, on free ports, in a home of its own."""

import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import psutil

from ingestion.settings import Settings
from ingestion.stack import leftovers
from ingestion.store.atomic import read_json
from ingestion.store.home import Home

PCM = str(Path(sys.executable).parent / "pcm")
START_SECONDS = 600
STOP_SECONDS = 60


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Say whether nobody listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


class RunningStack:
    """Starts, watches and ends `pcm up` for one home."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home, airflow_port=free_port(), site_port=free_port(), portal_port=free_port())
        self.home = Home(home)
        self.printed: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.process: subprocess.Popen[str] | None = None

    def start(self, *words: str) -> None:
        """Start `pcm up` with these words."""
        names = ("airflow_port", "site_port", "portal_port")
        ports = {f"PCM_{name.upper()}": getattr(self.settings, name) for name in names}
        environment = {**os.environ, **{name: str(port) for name, port in ports.items()}}
        self._lines = queue.Queue()
        self.process = subprocess.Popen(
            [PCM, "--home", str(self.home.root), "up", *words],
            env={**environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, args=(self.process, self._lines), daemon=True).start()

    def wait_for_line(self, part: str) -> str:
        """Wait until a line with this part is printed, and return it."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            line = self._lines.get(timeout=max(0.1, deadline - time.monotonic()))
            assert line is not None, "".join(self.printed)
            if part in line:
                return line

    def wait_for_end(self) -> int:
        """Wait until the process ends and return its exit code."""
        assert self.process is not None
        code = self.process.wait(START_SECONDS)
        while self._lines.get(timeout=STOP_SECONDS) is not None:
            pass
        return code

    def stop(self, number: signal.Signals) -> int:
        """Ask the process to stop, as a terminal or a service manager does, and return its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)

    def members(self) -> list[psutil.Process]:
        """Return every process of the stack, `pcm up` itself excepted."""
        return leftovers.members(self.session)

    @property
    def session(self) -> int:
        """The session that the stack runs in."""
        return int(read_json(self.home.run / "session.json")["session"])

    def kill_those_who_watch(self) -> None:
        """End `pcm up` and its supervisor without a warning; what they started runs on."""
        assert self.process is not None
        os.kill(self.session, signal.SIGKILL)
        self.process.kill()
        self.process.wait()

    def kill(self) -> None:
        """End everything at once, as a power cut would."""
        for member in self.members() if (self.home.run / "session.json").exists() else []:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def ask_airflow(self, path: str, *, user: str = "viewer", body: object = None) -> dict:
        """Ask Airflow's API as one of its users."""
        password = read_json(self.home.run / "airflow-passwords.json")[user]
        token = self._call("/auth/token", {"username": user, "password": password})["access_token"]
        return self._call(f"/api/v2{path}", body, {"Authorization": f"Bearer {token}"})

    def _call(self, path: str, body: object, headers: dict[str, str] | None = None) -> dict:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.settings.airflow_port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return dict(json.load(answer))

    def _read(self, process: "subprocess.Popen[str]", lines: "queue.Queue[str | None]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.printed.append(line)
            lines.put(line)
        lines.put(None)
