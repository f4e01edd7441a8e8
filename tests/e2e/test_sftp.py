"""Files over SFTP: a real OpenSSH server over an inbox, with the limits that `docs/operations.md` tells to set.

The server runs as who runs the tests, so it keeps nobody in a folder and knows no group; all else is as in production.
"""

import getpass
import os
import re
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ingestion import ledger
from ingestion.intake import claim_pending, process_submission
from ingestion.settings import PROJECT_ROOT
from ingestion.store.atomic import sha256_of
from tests.e2e.running_stack import free_port
from tests.files import as_lines, csv_text, figures

SERVER = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not SERVER, reason="SFTP needs sshd (Debian: apt-get install openssh-server)."),
]
MOST_SECONDS = 30
GOOD = csv_text(as_lines(figures())).encode()
LARGE = GOOD + b"\n" * 400_000
SLOW_KILOBITS = 1_000  # so that LARGE takes some seconds


@dataclass(frozen=True)
class Door:
    """A server over the inbox of Luxembourg, and how a sender reaches it."""

    inbox: Path
    folder: Path
    port: int
    user = f"{getpass.getuser()}@127.0.0.1"

    @property
    def key(self) -> tuple[str, ...]:
        """The words by which OpenSSH's programs take the sender's key and no other, and believe the server."""
        host = ("-oStrictHostKeyChecking=no", f"-oUserKnownHostsFile={self.folder}/known")
        return ("-oIdentitiesOnly=yes", *host, "-i", f"{self.folder}/key")

    def start(self, *batch: str, slowly: bool = False) -> subprocess.Popen[str]:
        """Begin to send the commands of a batch; the first that fails ends it."""
        limit = ("-l", str(SLOW_KILOBITS)) if slowly else ()
        asked = subprocess.Popen(
            ("sftp", "-q", "-b", "-", *limit, *self.key, "-P", str(self.port), self.user),
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert asked.stdin
        asked.stdin.write("\n".join((*batch, "")))
        asked.stdin.close()
        return asked

    def ask(self, *batch: str) -> tuple[int, str]:
        """Send the commands of a batch; return whether one failed, and what was said."""
        asked = self.start(*batch)
        assert asked.stdout
        said = asked.stdout.read()
        return asked.wait(MOST_SECONDS), said


@pytest.fixture
def door(settings, tmp_path):
    """A server that runs."""
    inbox, folder, port = settings.home / "inbox" / "LU", tmp_path / "ssh", free_port()
    inbox.mkdir(parents=True)
    folder.mkdir(mode=0o700)
    for name in ("key", "host"):
        subprocess.run(("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name), check=True)
    shutil.copy(folder / "key.pub", folder / "authorized")
    (folder / "config").write_text(
        f"""
        Port {port}
        ListenAddress 127.0.0.1
        HostKey {folder}/host
        PidFile none
        Subsystem sftp /usr/lib/openssh/sftp-server
        StrictModes no
        PermitRootLogin prohibit-password
        Match User {getpass.getuser()}
            AuthorizedKeysFile {folder}/authorized
            {as_documented().replace("/inbox", str(inbox))}
        """
    )
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # what starts the service makes it; without it the server refuses
    with subprocess.Popen((SERVER, "-D", "-e", "-f", folder / "config"), stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(port)
            yield Door(inbox, folder, port)
        finally:
            server.terminate()


def as_documented():
    """Return what an operator is told to write after the keys and the folder of a country's user."""
    told = (PROJECT_ROOT / "docs" / "operations.md").read_text()
    [block] = re.findall(r"^Match User sftp-lu\n(.*?)^```", told, re.M | re.S)
    lines = [line.strip() for line in block.splitlines()]
    return "\n".join(line for line in lines if not line.startswith(("AuthorizedKeysFile", "ChrootDirectory")))


def wait_for(port):
    start = time.monotonic()
    while time.monotonic() - start < MOST_SECONDS:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server does not listen")


def test_a_file_is_taken_whole_however_slow_its_line_and_its_answer_can_be_fetched(door, settings):
    settings = replace(settings, settle_seconds=0.2)  # less than the pauses of a sender whose line is limited
    (door.folder / "figures.csv").write_bytes(LARGE)
    sending = door.start("put figures.csv", slowly=True)
    looked_meanwhile, ids = 0, []
    while sending.poll() is None or not ids:
        looked_meanwhile += (door.inbox / "figures.csv").exists()
        ids += claim_pending(settings)
        time.sleep(0.05)
    assert sending.returncode == 0 and looked_meanwhile > 10
    [submission_id] = ids
    assert ledger.find(settings, submission_id)["sha256"] == sha256_of(door.folder / "figures.csv")
    assert process_submission(settings, submission_id)["verdict"] == "accepted"
    code, said = door.ask("ls -1", "get receipts/*.html")
    assert code == 0 and "figures.csv" not in said
    [receipt] = door.folder.glob("*.html")
    assert submission_id in receipt.read_text()


def test_a_name_that_says_unfinished_is_left_alone_until_it_is_renamed(door, settings):
    settings = replace(settings, settle_seconds=0)
    (door.folder / "figures.csv").write_bytes(GOOD)
    assert door.ask("put figures.csv figures.csv.part")[0] == 0
    assert not claim_pending(settings)
    assert door.ask("rename figures.csv.part figures.csv")[0] == 0
    assert len(claim_pending(settings)) == 1


def test_a_sender_can_make_no_link_and_have_no_shell(door):
    (door.folder / "figures.csv").write_bytes(GOOD)
    code, said = door.ask("put figures.csv", "ln -s /etc/passwd linked.csv")
    assert code != 0 and [path.name for path in door.inbox.iterdir()] == ["figures.csv"], said
    shell = subprocess.run(
        ("ssh", "-q", *door.key, "-p", str(door.port), door.user, "id"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=MOST_SECONDS,
    )
    assert b"uid=" not in shell.stdout
