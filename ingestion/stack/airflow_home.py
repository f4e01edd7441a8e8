"""Airflow's own home: its settings, its secrets and the passwords of its users, made at the first start."""

import base64
import configparser
import io
import json
import os
import secrets
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ingestion.settings import LOOPBACK, PROJECT_ROOT, Settings
from ingestion.stack.postgres import data_folder
from ingestion.store.atomic import read_json, settle_file, temporary_beside, write_json
from ingestion.store.home import Home

# name: role. An operator may clear and repeat runs, a viewer only looks.
USERS = {"admin": "admin", "steward": "op", "viewer": "viewer"}
PARALLEL_TASKS = 4
JWT_SECRET_BYTES = 64
PASSWORD_BYTES = 15
MIGRATED = "migrated.json"


def write_airflow_home(settings: Settings, *, database_url: str) -> None:
    """Write Airflow's configuration anew from our settings; secrets and passwords are made once and kept."""
    home = Home(settings.home)
    _keep_secretly(home.airflow_passwords, {name: secrets.token_urlsafe(PASSWORD_BYTES) for name in USERS})
    keys = _keep_secretly(home.airflow / "secrets.json", _new_secrets())
    text = configparser.ConfigParser(interpolation=None)
    for section, options in airflow_options(settings, database_url=database_url, keys=keys).items():
        # Airflow interpolates its configuration: a per cent sign is written twice.
        text[section] = {name: str(value).replace("%", "%%") for name, value in options.items()}
    written = io.StringIO()
    text.write(written)
    _write_secretly(home.airflow / "airflow.cfg", written.getvalue())


def is_migrated(home: Home) -> bool:
    """Say whether this very embedded database has the tables of this Airflow: asking Airflow takes seconds."""
    path = home.airflow / MIGRATED
    return path.exists() and read_json(path) == _migration_of(home)


def record_migration(home: Home) -> None:
    """Remember that the embedded database has the tables of this Airflow."""
    write_json(home.airflow / MIGRATED, _migration_of(home))


def _migration_of(home: Home) -> dict[str, Any]:
    made = (data_folder(home) / "PG_VERSION").stat()  # written once, when the database is made
    return {"airflow": version("apache-airflow"), "database_made_ns": made.st_mtime_ns}


def airflow_options(settings: Settings, *, database_url: str, keys: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Return Airflow's settings by section; what is not here is Airflow's default."""
    home = Home(settings.home)
    address = f"http://{LOOPBACK}:{settings.airflow_port}"
    return {
        "core": {
            "dags_folder": PROJECT_ROOT / "dags",
            "load_examples": False,
            "executor": "LocalExecutor",
            "parallelism": PARALLEL_TASKS,
            "dags_are_paused_at_creation": False,
            "execution_api_server_url": f"{address}/execution/",
            "simple_auth_manager_users": ",".join(f"{name}:{role}" for name, role in USERS.items()),
            "simple_auth_manager_passwords_file": home.airflow_passwords,
            "fernet_key": keys["fernet_key"],
        },
        "database": {"sql_alchemy_conn": database_url, "load_default_connections": False},
        "api": {
            "host": LOOPBACK,
            "port": settings.airflow_port,
            "base_url": address,
            "secret_key": keys["secret_key"],
        },
        "api_auth": {"jwt_secret": keys["jwt_secret"]},
        "logging": {
            "base_log_folder": home.logs / "airflow",
            "dag_processor_child_process_log_directory": home.logs / "dag-processor",
            # It tells of itself in hundreds of lines; the verdict is in gate.json.
            "namespace_levels": "great_expectations=WARNING",
        },
        "metrics": {"otel_on": bool(settings.otlp_url)},
        "scheduler": {
            "scheduler_idle_sleep_time": 0.3,
            # A killed worker or scheduler is missed within seconds, and its tasks start again.
            "task_instance_heartbeat_timeout": 30,
            "task_instance_heartbeat_timeout_detection_interval": 5,
            "scheduler_health_check_threshold": 15,
            "orphaned_tasks_check_interval": 10,
        },
        "workers": {
            # A worker may notice only then that its task has ended, and take the next one.
            "min_heartbeat_interval": 1,
            # Tasks sit out a restart of the API server.
            "execution_api_retries": 20,
            "execution_api_retry_wait_max": 3,
            "execution_api_timeout": 15,
        },
        "dag_processor": {"parsing_processes": 1, "min_file_process_interval": 120, "refresh_interval": 60},
        # Nothing here calls out.
        "usage_data_collection": {"enabled": False},
    }


def _new_secrets() -> dict[str, str]:
    return {
        "fernet_key": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "secret_key": secrets.token_urlsafe(JWT_SECRET_BYTES),
        "jwt_secret": secrets.token_urlsafe(JWT_SECRET_BYTES),
    }


def _keep_secretly(path: Path, proposed: dict[str, str]) -> dict[str, str]:
    """Return what the file holds, after writing what is proposed if there is no such file."""
    if not path.exists():
        _write_secretly(path, json.dumps(proposed, indent=1) + "\n")
    return dict(read_json(path))


def _write_secretly(path: Path, text: str) -> None:
    """Write a file whole or not at all; only this user may read it."""
    temporary = temporary_beside(path)
    temporary.touch(mode=0o600)
    temporary.write_text(text, encoding="utf-8")
    settle_file(temporary, path)
