"""The production shape is well formed, complete and holds no secret."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ingestion.settings import PROJECT_ROOT, Settings, load_settings
from ingestion.stack.airflow_home import airflow_options

COMPOSE = PROJECT_ROOT / "docker-compose.yml"
DECLARED = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
SERVICES = DECLARED["services"]
LASTING = [name for name, service in SERVICES.items() if service["restart"] != "no"]
OURS = [name for name, service in SERVICES.items() if service["image"].startswith("pcm-observatory")]
CLUSTER = {"airflow-celery-scheduler", "worker", "redis"}
STORE = {"object-store", "object-store-init"}
DATABASE_KEYS = {"airflow_db_password", "api_secret_key", "fernet_key", "jwt_secret", "postgres_password"}


def test_it_meets_the_compose_specification():
    command = [Path(sys.executable).parent / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_airflow_its_database_and_the_site_are_there():
    components = {"api-server", "scheduler", "dag-processor", "triggerer"}
    assert {f"airflow-{name}" for name in components} | {"postgres", "site", "portal"} <= set(SERVICES)


@pytest.mark.parametrize(
    ("profile", "others"), [("small", {"airflow-scheduler"}), ("cluster", CLUSTER), ("store", STORE)]
)
def test_each_profile_has_what_it_needs_and_no_two_schedulers(profile, others):
    assert {name for name, service in SERVICES.items() if profile in service.get("profiles", [])} == others


@pytest.mark.parametrize(("shape", "profiles"), [("small", {"small"}), ("cluster", {"cluster", "store"})])
def test_a_first_env_starts_the_shape_that_it_is_called_after(shape, profiles):
    started = dict(_dot_env(shape))
    assert set(started.pop("COMPOSE_PROFILES").split(",")) == profiles
    assert set(started) <= set(re.findall(r"\$\{(\w+):", COMPOSE.read_text(encoding="utf-8")))


def test_the_store_of_a_cluster_is_the_one_among_the_containers_and_its_bucket_that_of_its_keys():
    bucket, host = re.match(
        r"s3://(\w+)/\w+\?endpoint_override=([\w-]+):8333&", _dot_env("cluster")["PCM_STORE"]
    ).groups()
    assert host in SERVICES
    assert f'"Admin:{bucket}"' in (PROJECT_ROOT / "deploy" / "object_store.sh").read_text(encoding="utf-8")
    assert SERVICES["object-store"]["image"].split(":")[1] in (PROJECT_ROOT / "requirements" / "store.in").read_text(
        encoding="utf-8"
    )  # what the tests start is what the containers are


def _dot_env(shape):
    return dict(
        re.findall(r"^(\w+)=(.*)$", (PROJECT_ROOT / "deploy" / f"{shape}.env").read_text("utf-8"), re.MULTILINE)
    )


def test_workers_know_neither_airflows_database_nor_its_keys():
    assert not DATABASE_KEYS & set(SERVICES["worker"]["secrets"])
    assert not any("DATABASE__SQL_ALCHEMY" in name or "SECRET" in name for name in SERVICES["worker"]["environment"])


def test_scheduler_and_workers_speak_of_the_same_queue():
    scheduler, worker = (SERVICES[name]["environment"] for name in ("airflow-celery-scheduler", "worker"))
    assert {name: scheduler[name] for name in worker} == worker


@pytest.mark.parametrize("name", OURS)
def test_our_programs_gain_no_rights_and_write_to_volumes_only(name):
    service = SERVICES[name]
    assert service["read_only"] and service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "USER pcm" in (PROJECT_ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_every_service_has_its_limits():
    assert [name for name, each in SERVICES.items() if "memory" not in each["deploy"]["resources"]["limits"]] == []


def test_our_settings_are_settings_of_the_program():
    """An unknown one would stop every container at its start."""
    for name in OURS:
        given = SERVICES[name]["environment"].items()
        load_settings(environ={key: _without_env(str(value)) for key, value in given if key.startswith("PCM_")})


def test_a_service_reads_only_secrets_that_it_is_given():
    for name, service in SERVICES.items():
        named = re.findall(r"/run/secrets/(\w+)", json.dumps(service))
        assert set(named) <= set(service.get("secrets", [])), name


@pytest.mark.parametrize("name", ["redis", "object-store"])
def test_programs_of_others_that_need_no_rights_have_none(name):
    service = SERVICES[name]
    assert service["read_only"] and service["cap_drop"] == ["ALL"] and not service["user"].startswith(("0", "root"))


def test_every_lasting_service_has_a_health_check():
    assert [name for name in LASTING if "healthcheck" not in SERVICES[name]] == []


def test_every_port_is_on_the_loopback_until_someone_decides_otherwise():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_image_has_a_version():
    images = [service["image"] for service in SERVICES.values()]
    assert [image for image in images if not re.search(r":\d", image)] == []


def test_every_secret_is_a_file_that_is_made_once(tmp_path):
    command = [sys.executable, PROJECT_ROOT / "deploy" / "make_secrets.py", tmp_path / "secrets"]
    subprocess.run(command, check=True)
    made = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == set(DECLARED["secrets"])
    assert {name for name, text in made.items() if not text} == {"mail_password", "oidc_secret"}
    ours = [text for text in made.values() if text]
    assert len(set(ours)) == len(ours) and min(map(len, ours)) >= 44
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    subprocess.run(command, check=True)
    assert {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "secrets").iterdir()} == made


def test_no_secret_is_inside():
    places = {name: str(each["file"]).rsplit("/", 1) for name, each in DECLARED["secrets"].items()}
    assert all(place == ["${PCM_SECRETS:-./deploy/secrets}", name] for name, place in places.items())
    assert "deploy/secrets/" in (PROJECT_ROOT / ".gitignore").read_text(encoding="utf-8")
    assert "deploy/secrets" in (PROJECT_ROOT / ".dockerignore").read_text(encoding="utf-8")


def test_the_example_names_what_is_asked_for():
    asked = set(re.findall(r"\$\{(\w+):", COMPOSE.read_text(encoding="utf-8")))
    named = set(re.findall(r"^#([A-Z_]+)=", (PROJECT_ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert named == asked


def test_every_file_that_is_mounted_exists():
    mounts = [volume for service in SERVICES.values() for volume in service.get("volumes", [])]
    for source in (mount.split(":")[0] for mount in mounts):
        assert not source.startswith(".") or (PROJECT_ROOT / source).exists(), source


# Where the Airflow of the containers differs from that of one machine: places, addresses, and secrets, which are files.
ELSEWHERE = {
    "api.base_url",
    "api.host",
    "api.port",
    "api.secret_key",
    "api_auth.jwt_secret",
    "core.dags_folder",
    "core.execution_api_server_url",
    "core.fernet_key",
    "core.simple_auth_manager_passwords_file",
    "database.sql_alchemy_conn",
    "logging.base_log_folder",
    "logging.dag_processor_child_process_log_directory",
}
# In a cluster other hosts do more tasks at once, by way of a queue, and the scheduler looks for work once a second.
BY_CELERY = {
    "celery.broker_url",
    "celery.result_backend",
    "core.executor",
    "core.parallelism",
    "scheduler.scheduler_idle_sleep_time",
}
AIRFLOWS = [name for name in OURS if name.startswith("airflow-")]


@pytest.mark.parametrize("name", AIRFLOWS)
def test_airflow_has_the_same_settings_as_on_one_machine(name):
    keys = {"fernet_key": "", "secret_key": "", "jwt_secret": ""}
    options = airflow_options(Settings(), database_url="", keys=keys)
    here = {f"{section}.{option}": str(value) for section in options for option, value in options[section].items()}
    there = _airflow_settings_of(name)
    differing = {option for option in here.keys() | there.keys() if here.get(option) != there.get(option)}
    assert differing == ELSEWHERE | (BY_CELERY if "celery" in name else set())


def _airflow_settings_of(service):
    """Return {section.option: value} as compose gives them without an .env; of a secret, the command that reads it."""
    given = {key: value for key, value in SERVICES[service]["environment"].items() if key.startswith("AIRFLOW__")}
    return {
        key.removeprefix("AIRFLOW__").removesuffix("_CMD").lower().replace("__", ".", 1): _without_env(str(value))
        for key, value in given.items()
    }


def _without_env(value):
    """Return what compose makes of a value without an .env: what it would fill in has a default."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
