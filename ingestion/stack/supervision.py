"""The processes of a running observatory, kept alive by supervisord, and what supervisord says of them."""

import http.client
import shlex
import subprocess
import sys
import xmlrpc.client
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.errors import UsageError
from ingestion.store.home import Home
from ingestion.store.sockets import socket_folder

SOCKET_NAME = "supervisor.sock"
LOG_BYTES = 20_000_000
OLDER_LOGS = 2
# How often a process that dies at once is started again, each time a second later, before its case is hopeless.
START_ATTEMPTS = 8
STAYS_UP_SECONDS = 2
STOP_SECONDS = 6
HOPELESS = "FATAL"
LAST_GROUP = "last"
RPC_FACTORY = "supervisor.rpcinterface:make_main_rpcinterface"


@dataclass(frozen=True)
class Program:
    """One process to run: started by name, or at once, and restarted when it dies unless it `ends` by itself.

    The programs of a group are stopped together; the group `last` is stopped when all others have ended.
    """

    name: str
    command: list[str]
    group: str
    starts_at_once: bool = False
    ends: bool = False
    stop_signal: str = "TERM"


def write_supervision(home: Home, programs: list[Program]) -> Path:
    """Write supervisord's configuration and return its path."""
    socket = socket_folder(home) / SOCKET_NAME
    parts = [
        _section("unix_http_server", file=socket, chmod="0700"),
        _section(
            "supervisord",
            nodaemon="true",
            logfile=home.logs / "supervisord.log",
            logfile_maxbytes=LOG_BYTES,
            logfile_backups=OLDER_LOGS,
            pidfile=home.run / "supervisord.pid",
            childlogdir=home.logs,
        ),
        _section("rpcinterface:supervisor", **{"supervisor.rpcinterface_factory": RPC_FACTORY}),
        *(_program_section(home, program) for program in programs),
        *(_group_section(group, programs) for group in sorted({program.group for program in programs})),
    ]
    path = home.run / "supervisord.conf"
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


def start_supervisor(configuration: Path, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start supervisord in a session of its own, in which every process that it starts stays."""
    return subprocess.Popen(
        [sys.executable, "-m", "supervisor.supervisord", "--configuration", str(configuration)],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


class Supervisor:
    """Asks a running supervisord through its socket."""

    def __init__(self, home: Home) -> None:
        self._address = f"unix://{socket_folder(home) / SOCKET_NAME}"

    def answers(self) -> bool:
        """Say whether supervisord takes questions."""
        try:
            return bool(self._ask("getState")["statename"] == "RUNNING")
        except (OSError, http.client.HTTPException, xmlrpc.client.Error):
            return False

    def start(self, program: Program) -> None:
        """Start a program; its process may need longer than this call."""
        self._ask("startProcess", f"{program.group}:{program.name}", False)

    def states(self) -> dict[str, str]:
        """Return {program: state}, in supervisord's words: STARTING, RUNNING, BACKOFF, EXITED, FATAL and so on."""
        return {each["name"]: each["statename"] for each in self._ask("getAllProcessInfo")}

    def exit_code(self, program: Program) -> int:
        """Return the exit code of a program that ended."""
        return int(self._ask("getProcessInfo", f"{program.group}:{program.name}")["exitstatus"])

    def _ask(self, question: str, *arguments: object) -> Any:
        from supervisor.xmlrpc import SupervisorTransport

        # A new connection each time: one that failed once stays unusable.
        transport = SupervisorTransport(None, None, self._address)
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport) as server:
            return getattr(server.supervisor, question)(*arguments)


def _program_section(home: Home, program: Program) -> str:
    return _section(
        f"program:{program.name}",
        command=shlex.join(program.command),
        autostart=str(program.starts_at_once).lower(),
        autorestart=str(not program.ends).lower(),
        startsecs=0 if program.ends else STAYS_UP_SECONDS,
        startretries=START_ATTEMPTS,
        stopsignal=program.stop_signal,
        stopwaitsecs=STOP_SECONDS,
        killasgroup="true",
        redirect_stderr="true",
        stdout_logfile=home.logs / f"{program.name}.log",
        stdout_logfile_maxbytes=LOG_BYTES,
        stdout_logfile_backups=OLDER_LOGS,
    )


def _group_section(group: str, programs: list[Program]) -> str:
    names = ",".join(program.name for program in programs if program.group == group)
    # What has the higher priority number is stopped first.
    return _section(f"group:{group}", programs=names, priority=1 if group == LAST_GROUP else 2)


def _section(name: str, **options: object) -> str:
    return "\n".join([f"[{name}]", *(f"{option}={_plain(str(value))}" for option, value in options.items()), ""])


def _plain(value: str) -> str:
    """Return a value that supervisord reads as it is. Errors: `UsageError` for one that it would cut or expand."""
    if any(mark in value for mark in (" ;", " #", "%", "\n")):
        raise UsageError(f"Choose a home folder without ' ;', ' #' or '%' in its path: the supervisor misreads {value}")
    return value
