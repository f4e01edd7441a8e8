"""Which processes an observatory consists of, and the environment that they share."""

import os
import sys
from dataclasses import fields

from ingestion.checks.desk import service_command
from ingestion.settings import LOOPBACK, Settings
from ingestion.stack.postgres import server_command
from ingestion.stack.supervision import LAST_GROUP, Program
from ingestion.store.home import Home

AIRFLOW_COMPONENTS = (
    ("api-server",),
    # Else they serve logs to other machines, on every address; here the logs are files on this one.
    ("scheduler", "--skip-serve-logs"),
    ("dag-processor",),
    ("triggerer", "--skip-serve-logs"),
)
OBSERVATORY = "observatory"
MIGRATION = Program("migration", [sys.executable, "-m", "airflow", "db", "migrate"], group=OBSERVATORY, ends=True)


def airflow_programs() -> list[Program]:
    """Return Airflow's four components, which need its database to be ready."""
    launch = [sys.executable, "-m", "ingestion.stack.launch"]
    return [Program(words[0], [*launch, *words], group=OBSERVATORY) for words in AIRFLOW_COMPONENTS]


def programs_of(settings: Settings) -> list[Program]:
    """Return every program of the stack."""
    site = Program("site", [sys.executable, "-m", "ingestion.doors.site"], group=OBSERVATORY, starts_at_once=True)
    portal = Program("portal", [sys.executable, "-m", "ingestion.portal"], group=OBSERVATORY, starts_at_once=True)
    desk = Program("desk", service_command(settings), group=OBSERVATORY, starts_at_once=True)
    return [site, portal, desk, MIGRATION, *airflow_programs(), *_database(settings)]


def _database(settings: Settings) -> list[Program]:
    if settings.airflow_db:
        return []
    command = server_command(Home(settings.home))
    # INT makes PostgreSQL end its clients' sessions; TERM would wait for them.
    return [Program("postgres", command, group=LAST_GROUP, starts_at_once=True, stop_signal="INT")]


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment of every process: ours, without what belongs to some other Airflow."""
    home = Home(settings.home)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "PCM_"))}
    return {
        **kept,
        **{f"PCM_{field.name.upper()}": str(getattr(settings, field.name)) for field in fields(Settings)},
        "AIRFLOW_HOME": str(home.airflow),
        "GX_ANALYTICS_ENABLED": "False",
        "PYTHONUNBUFFERED": "1",
        **(_collector(settings.otlp_url) if settings.otlp_url else {}),
        # The tasks ask the API server on this machine, whatever proxy leads out of it.
        "NO_PROXY": ",".join(filter(None, [kept.get("NO_PROXY"), LOOPBACK])),
        "no_proxy": ",".join(filter(None, [kept.get("no_proxy"), LOOPBACK])),
    }


def _collector(address: str) -> dict[str, str]:
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": address, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}


def log_of(home: Home, program: str) -> str:
    """Return the path of a program's log."""
    return str(home.logs / f"{program}.log")
