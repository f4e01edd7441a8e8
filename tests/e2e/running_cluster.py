"""The services of docker-compose.yml without containers: their own commands and environments, as processes."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import yaml

from ingestion.settings import PROJECT_ROOT, Settings, load_settings
from tests.e2e.running_stack import free_port
from tests.postgresql import PASSWORD, Server

BIN = Path(sys.executable).parent
STORE_BIN = PROJECT_ROOT / ".venv-store" / "bin"  # `make slow` makes it
SERVICES = yaml.safe_load((PROJECT_ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
DOT_ENV = (PROJECT_ROOT / "deploy" / "cluster.env").read_text(encoding="utf-8")
START_SECONDS = 300


class RunningCluster:
    """Starts services of the profile `cluster`, each with the environment that compose would give it, and ends them."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self.home = folder / "pcm" / "home"
        self.secrets = folder / "secrets"
        self.airflow_port, self.redis_port, self.store_port = free_port(), free_port(), free_port()
        self._server = server
        self._dot_env = dict(re.findall(r"^(\w+)=(.*)$", DOT_ENV, re.MULTILINE))
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def prepare(self) -> None:
        """Make the secrets and the databases."""
        command = [sys.executable, PROJECT_ROOT / "deploy" / "make_secrets.py", self.secrets]
        subprocess.run(command, check=True)
        (self.secrets / "ledger_password").unlink()
        (self.secrets / "ledger_password").write_text(PASSWORD)
        password = (self.secrets / "airflow_db_password").read_text()
        for statement in (
            f"alter role airflow password '{password}'",
            "create database airflow owner airflow",
            "create database pcm owner pcm",
        ):
            self._server.execute(statement)
        self.home.mkdir(parents=True)

    def start(self, service: str, name: str = "", *more: str) -> None:
        """Start a service; `name` tells two of the same service apart."""
        name = name or service
        for volume in ("passwords", "data"):
            (self.folder / name / volume).mkdir(parents=True)
        with (self.folder / f"{name}.log").open("wb") as log:
            self._processes[name] = subprocess.Popen(
                [*self._here([*SERVICES[service].get("entrypoint", []), *SERVICES[service]["command"]], name), *more],
                env=self.environment(service, name),
                cwd=self.folder / name,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start_worker(self, number: int, *more: str) -> None:
        """Start one of the workers, `worker-1`, `worker-2`, ..."""
        self.start("worker", f"worker-{number}", "--celery-hostname", f"worker-{number}", *more)

    def run(self, service: str) -> None:
        """Start a service that ends by itself, and wait for its end."""
        self.start(service)
        assert self._processes.pop(service).wait(START_SECONDS) == 0, (self.folder / f"{service}.log").read_text()

    def environment(self, service: str, name: str) -> dict[str, str]:
        """Return what compose would give to a service, with the addresses of this machine."""
        given = SERVICES[service].get("environment", {})
        here = dict(zip(given, self._here([str(value) for value in given.values()], name), strict=True))
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PCM_", "AIRFLOW"))}
        path = f"{BIN}:{kept['PATH']}:{STORE_BIN}"
        paths = {"PATH": path, "PYTHONPATH": str(PROJECT_ROOT), "NO_PROXY": "127.0.0.1"}
        own = {"AIRFLOW_HOME": str(self.folder / name), "HOME": str(self.folder / name), "PCM_SETTLE_SECONDS": "0"}
        return {**kept, **here, **paths, **own}

    def settings(self) -> Settings:
        """Return the settings of the workers."""
        given = self.environment("worker", "worker-1")
        return load_settings(environ={name: value for name, value in given.items() if name.startswith("PCM_")})

    def who_runs(self, program: str) -> str | None:
        """Return the name of the service under which a program runs now; None when it runs under none."""
        for name, process in self._processes.items():
            for each in psutil.Process(process.pid).children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    if program in [Path(word).name for word in each.cmdline()]:
                        return name
        return None

    def processor_seconds(self) -> dict[str, float]:
        """{service: processor time of its processes so far, those that have ended included}"""
        processes = {name: process.pid for name, process in self._processes.items()} | {"postgres": self._server.pid}
        return {name: _processor_seconds(pid) for name, pid in processes.items()}

    def kill(self, name: str) -> None:
        """End a service and what it started at once, as a power cut would."""
        process = self._processes.pop(name)
        with contextlib.suppress(psutil.NoSuchProcess):
            for each in psutil.Process(process.pid).children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    each.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def wait_for(self, is_so, seconds: float = START_SECONDS) -> None:
        """Wait until something is so; whatever service ended meanwhile is an error."""
        deadline = time.monotonic() + seconds
        while not is_so():
            ended = [name for name, process in self._processes.items() if process.poll() is not None]
            assert not ended, (ended, (self.folder / f"{ended[0]}.log").read_text()[-3000:])
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.5)

    def is_healthy(self, service: str) -> bool:
        """Say whether Airflow's server or the store answers, at the address of its health check."""
        address = {
            "airflow-api-server": f"http://127.0.0.1:{self.airflow_port}/api/v2/monitor/health",
            "object-store": f"http://127.0.0.1:{self.store_port}/healthz",
        }
        try:
            urllib.request.urlopen(address[service], timeout=5)
        except OSError:
            return False
        return True

    def stop(self) -> None:
        """End everything at once."""
        for name in list(self._processes):
            self.kill(name)

    def _here(self, words: list[str], name: str) -> list[str]:
        changes = {
            "$$": "$",
            "@postgres/": f"@127.0.0.1:{self._server.port}/",
            "@redis:6379": f"@127.0.0.1:{self.redis_port}",
            "valkey-server -": f"redis-server - --port {self.redis_port} --bind 127.0.0.1",
            "airflow-api-server:8080": f"127.0.0.1:{self.airflow_port}",
            "object-store:8333": f"127.0.0.1:{self.store_port}",
            "/object_store.sh": str(PROJECT_ROOT / "deploy" / "object_store.sh"),
            "deploy/make_bucket.py": str(PROJECT_ROOT / "deploy" / "make_bucket.py"),
            "/run/secrets": str(self.secrets),
            "/var/lib/pcm": str(self.folder / "pcm"),
            "/opt/airflow/logs": str(self.folder / "logs"),
            "/opt/airflow": str(self.folder / name),
            "/opt/pcm": str(PROJECT_ROOT),
        }
        # What is filled in comes from .env, or has a default.
        words = [re.sub(r"\$\{(\w+):-([^}]*)\}", lambda found: self._dot_env.get(*found.groups()), w) for w in words]
        for there, here in changes.items():
            words = [word.replace(there, here) for word in words]
        whole = {"8080": str(self.airflow_port), "/data": str(self.folder / name / "data")}
        return [whole.get(word, word) for word in words]

    def start_store(self) -> None:
        """Start the store, wait until it answers, and make its bucket."""
        names = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")
        others = [f"-{name}={free_port()}" for name in (*names, "s3.port.grpc")]
        self.start("object-store", "", f"-s3.port={self.store_port}", *others)
        self.wait_for(lambda: self.is_healthy("object-store"))
        self.run("object-store-init")


def _processor_seconds(pid: int) -> float:
    parent, total = psutil.Process(pid), 0.0
    for each in [parent, *parent.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            total += sum(each.cpu_times()[:4])  # its own and those of ended children, user and system
    return total


@contextlib.contextmanager
def running_cluster(folder: Path, server: Server, *, workers: int = 2) -> Iterator[RunningCluster]:
    """Serve the profiles `cluster` and `store` but for the pages, with the .env that they start with."""
    cluster = RunningCluster(folder, server)
    cluster.prepare()
    try:
        cluster.start("redis")
        cluster.start_store()
        cluster.run("airflow-init")
        for service in ("airflow-api-server", "airflow-celery-scheduler", "airflow-dag-processor", "airflow-triggerer"):
            cluster.start(service)
        for number in range(1, workers + 1):
            cluster.start_worker(number)
        cluster.wait_for(lambda: cluster.is_healthy("airflow-api-server"))
        yield cluster
    finally:
        cluster.stop()
