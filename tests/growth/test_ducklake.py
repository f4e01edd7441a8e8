"""One landing as a file and as a DuckLake: its catalog in PostgreSQL, its data on object storage, several nodes."""

import json
import os
import subprocess
from pathlib import Path

import duckdb
import pytest

from ingestion.release.contents import content_hash, export_tables
from ingestion.settings import PROJECT_ROOT
from ingestion.store.atomic import sha256_of
from ingestion.warehouse import dbt
from ingestion.warehouse.dbt import WAREHOUSE
from ingestion.warehouse.landing import create_database
from tests.object_store import KEYS, REGION, running_object_store
from tests.postgresql import PASSWORD, USER
from tests.small_landing import fill_landing

ENVIRONMENT = PROJECT_ROOT / ".venv-ducklake"
pytestmark = [
    pytest.mark.growth,
    pytest.mark.skipif(not (ENVIRONMENT / ".installed").exists(), reason="`make growth` installs what it needs."),
]
WRITES = 20


def run_dbt(program: Path, folder: Path, environment: dict[str, str], *words: str) -> None:
    """Run dbt in a folder that holds a landing; its words are printed when it fails."""
    finished = dbt.run(folder, folder / "dbt", *words, program=program, **environment)
    assert finished.returncode == 0, finished.stdout[-5000:] + finished.stderr[-5000:]


def landed_in(folder: Path) -> Path:
    """Fill the small landing in a new folder and return the folder."""
    folder.mkdir()
    with create_database(folder / WAREHOUSE) as connection:
        fill_landing(connection)
    return folder


class Lake:
    """A lake, the environment in which a node finds it, and the folder of the landing that it is built from."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = environment
        self._folder = folder

    def dbt(self, *words: str) -> None:
        """Run dbt for the lake."""
        run_dbt(ENVIRONMENT / "bin" / "dbt", self._folder, self.environment, *words, "--target", "ducklake")

    def node(self, *words: str) -> "subprocess.Popen[str]":
        """Start a node of the lake."""
        return subprocess.Popen(
            [ENVIRONMENT / "bin" / "python", "-m", "tests.growth.node", *words],
            cwd=PROJECT_ROOT,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, *words: str) -> str:
        """Return what a node prints."""
        return said_by(self.node(*words))


def said_by(node: "subprocess.Popen[str]") -> str:
    """Wait for the end of a node and return what it printed."""
    printed, _ = node.communicate()
    assert node.returncode == 0
    return printed


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    """The warehouse as the pipeline makes it."""
    folder = landed_in(tmp_path_factory.mktemp("file") / "build")
    run_dbt(dbt.PROGRAM, folder, {}, *dbt.BUILD)
    return folder / WAREHOUSE


@pytest.fixture(scope="module")
def lake(tmp_path_factory, postgresql):
    """A lake with the marts of the same landing."""
    folder = landed_in(tmp_path_factory.mktemp("lake") / "build")
    postgresql.execute(f"create database lake owner {USER}")
    with running_object_store("lake") as address:
        environment = {
            **KEYS,
            "AWS_REGION": REGION,
            "DUCKDB_S3_ENDPOINT": address,
            "DUCKDB_S3_USE_SSL": "false",
            "DUCKDB_EXTENSION_DIRECTORY": str(ENVIRONMENT / "extensions"),
            "DBT_LAKE_CATALOG": f"postgres:host=127.0.0.1 port={postgresql.port} dbname=lake user={USER}",
            "DBT_LAKE_DATA": "s3://lake/warehouse/",
            "DBT_LAKE_URL_STYLE": "path",
            "PGPASSWORD": PASSWORD,
            "PYTHONPATH": str(PROJECT_ROOT),
        }
        built = Lake(environment, folder)
        built.dbt("run-operation", "load_landing")
        built.dbt(*dbt.BUILD)
        yield built


def exported(warehouse: Path, folder: Path) -> tuple[str, dict[str, str]]:
    """Return the content hash of a warehouse, and the hash of each table as CSV."""
    folder.mkdir()
    export_tables(warehouse, folder)
    return content_hash(folder), {path.name: sha256_of(path) for path in (folder / "csv").iterdir()}


def test_the_tables_of_a_lake_are_those_of_the_file(file, lake, tmp_path):
    lake.dbt("run-operation", "copy_public_tables", "--args", f"{{file: '{tmp_path / WAREHOUSE}'}}")
    assert exported(tmp_path / WAREHOUSE, tmp_path / "lake") == exported(file, tmp_path / "file")


def test_a_node_reads_while_another_writes_and_finds_what_was_before(file, lake):
    before = lake.ask("snapshot").strip()
    watcher, writer = lake.node("watch", str(WRITES - 1)), lake.node("write", str(WRITES))
    seen = json.loads(said_by(watcher))
    said_by(writer)
    with duckdb.connect(str(file), read_only=True) as connection:
        built = connection.execute("select country_count from marts.fct_eu_values").fetchall()
    assert {rows for rows, *_ in seen} == {len(built)}
    written = [least for _, least, greatest in seen if least == greatest]
    # Every look but those before the first write saw one whole commit, none of them half, none twice.
    assert written == sorted(written)
    assert len(set(written)) > 1
    assert {(least, greatest) for _, least, greatest in seen if least != greatest} <= {(min(built)[0], max(built)[0])}
    assert json.loads(lake.ask("as_of", before)) == [list(row) for row in built]
