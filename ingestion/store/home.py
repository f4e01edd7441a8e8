"""The folders of an observatory under `$PCM_HOME`, named once."""

from dataclasses import dataclass
from pathlib import Path

from ingestion.errors import UsageError


@dataclass(frozen=True)
class Home:
    """The home folder of one observatory and the places in it."""

    root: Path

    @property
    def inbox(self) -> Path:
        """`inbox/<country>/<any name>`: where national contacts put files."""
        return self.root / "inbox"

    @property
    def received(self) -> Path:
        """`received/<submission_id>/`: the original, byte for byte, and the receipt."""
        return self.root / "received"

    @property
    def landing(self) -> Path:
        """`landing/<country>/<submission_id>.parquet`: accepted rows, never rewritten."""
        return self.root / "landing"

    @property
    def builds(self) -> Path:
        """`builds/<build_id>/`: manifest, warehouse and gate result of one build."""
        return self.root / "builds"

    @property
    def disclosure(self) -> Path:
        """`disclosure/`: which figures of a country were found to need hiding, kept to be found again at once."""
        return self.root / "disclosure"

    @property
    def releases(self) -> Path:
        """`releases/<release_id>/`: immutable published folders, and the pointer to the current one."""
        return self.root / "releases"

    @property
    def portal(self) -> Path:
        """`portal/<country>/<submission_id>/`: files that were uploaded and not sent yet."""
        return self.root / "portal"

    @property
    def ledger(self) -> Path:
        """The SQLite ledger."""
        return self.root / "ledger.sqlite"

    @property
    def lineage(self) -> Path:
        """`lineage/<step>/<what it works on>.jsonl`: OpenLineage events, what a step was made from and what it made."""
        return self.root / "lineage"

    @property
    def demo(self) -> Path:
        """`demo/`: the files of the demonstration round, before anyone sends them."""
        return self.root / "demo"

    @property
    def run(self) -> Path:
        """`run/`: sockets, process logs and passwords of the running stack."""
        return self.root / "run"

    @property
    def logs(self) -> Path:
        """`run/logs/`: every process's log; the logs of runs are in `airflow/` below it."""
        return self.run / "logs"

    @property
    def airflow_passwords(self) -> Path:
        """`run/airflow-passwords.json`: the passwords of Airflow's users; only this user may read it."""
        return self.run / "airflow-passwords.json"

    @property
    def airflow(self) -> Path:
        """`airflow/`: Airflow's own home and its embedded database."""
        return self.root / "airflow"

    def lock(self, name: str) -> Path:
        """`run/<name>.lock`: the file that stands for doing something one at a time."""
        return self.run / f"{name}.lock"

    def create(self) -> "Home":
        """Make the folders that must exist before anything arrives."""
        for folder in (self.inbox, self.received, self.landing, self.builds, self.releases, self.portal, self.run):
            folder.mkdir(parents=True, exist_ok=True)
        # Counts that no release may show stay with the user who runs the observatory.
        for folder in (self.received, self.landing, self.builds, self.portal):
            folder.chmod(0o700)
        return self

    def require(self) -> "Home":
        """Return this home if it exists. Errors: `UsageError` saying how to make one."""
        if not self.inbox.is_dir():
            raise UsageError(
                f"There is no observatory at {self.root}. Start one with `make run`, or name yours with "
                "--home or PCM_HOME."
            )
        return self
