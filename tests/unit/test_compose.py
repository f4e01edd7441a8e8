"""The production shape is well formed, complete and holds no secret."""

import re
import subprocess
import sys
from pathlib import Path

import yaml

from ingestion.serving.airflow_home import airflow_options
from ingestion.settings import PROJECT_ROOT, Settings

COMPOSE = PROJECT_ROOT / "docker-compose.yml"
SERVICES = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
LASTING = [name for name, service in SERVICES.items() if service["restart"] != "no"]


def test_it_meets_the_compose_specification():
    command = [Path(sys.executable).parent / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_airflow_its_database_and_the_site_are_there():
    components = {"api-server", "scheduler", "dag-processor", "triggerer"}
    assert {f"airflow-{name}" for name in components} | {"postgres", "site", "portal"} <= set(SERVICES)


def test_every_lasting_service_has_a_health_check():
    assert [name for name in LASTING if "healthcheck" not in SERVICES[name]] == []


def test_every_port_is_on_the_loopback_until_someone_decides_otherwise():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_image_has_a_version():
    images = [service["image"] for service in SERVICES.values()]
    assert [image for image in images if not re.search(r":\d", image)] == []


def test_no_secret_is_inside_and_every_one_is_asked_for():
    example = dict(
        line.split("=", 1)
        for line in (PROJECT_ROOT / ".env.example").read_text().splitlines()
        if line and not line.startswith("#")
    )
    required = set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text(encoding="utf-8")))
    assert required == set(example)
    assert not any(example.values())


def test_every_file_that_is_mounted_exists():
    mounts = [volume for service in SERVICES.values() for volume in service.get("volumes", [])]
    for source in (mount.split(":")[0] for mount in mounts):
        assert not source.startswith(".") or (PROJECT_ROOT / source).exists(), source


# What rightly differs between one machine and the production shape: places, addresses and secrets.
PLACES = {
    "core": {"dags_folder", "execution_api_server_url", "simple_auth_manager_passwords_file", "fernet_key"},
    "database": {"sql_alchemy_conn"},
    "api": {"host", "port", "base_url", "workers", "secret_key"},
    "api_auth": {"jwt_secret"},
    "metrics": {"otel_on"},
    "logging": {"base_log_folder", "dag_processor_child_process_log_directory"},
}


def test_airflow_has_the_same_settings_as_in_the_stack_of_one_machine():
    environment = SERVICES["airflow-scheduler"]["environment"]
    keys = {"fernet_key": "", "secret_key": "", "jwt_secret": ""}
    for section, options in airflow_options(Settings(), database_url="", keys=keys).items():
        for option in set(options) - PLACES.get(section, set()):
            assert environment[f"AIRFLOW__{section.upper()}__{option.upper()}"] == str(options[option]), option
