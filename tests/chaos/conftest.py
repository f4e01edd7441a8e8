"""What the chaos tests share: prepared homes, a seed, and where results go."""

import random
from pathlib import Path

import pytest

from dashboards.reliability import tested_code
from ingestion.store.locks import exclusively
from tests.chaos.stages import STAGES, Prepared

# {fixture: (steps, those that take seconds)}: what takes longer is left to `make chaos`.
HARMED = {
    "stage": (list(STAGES), ["intake", "desk", "gate", "packing"]),
    "stage_on_a_server": (["intake", "desk", "build", "gate", "publish"], ["intake", "desk"]),
    "stage_with_a_store": (["intake", "desk", "publish"], ["intake", "desk"]),
}


def pytest_generate_tests(metafunc):
    """Do harm in every step, or in the quick ones."""
    for name in HARMED.keys() & set(metafunc.fixturenames):
        every, quick = HARMED[name]
        metafunc.parametrize(name, every if metafunc.config.getoption("--chaos-whole") else quick)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory, request) -> Prepared:
    """The small homes, made once for all processes of a run, or for many runs where the command line says so."""
    given = request.config.getoption("--chaos-homes")
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if shared.name.startswith("popen-") else shared
    # Other code would make other builds: it gets other homes.
    made = Prepared((given or shared / "chaos").absolute() / tested_code())
    made.folder.mkdir(parents=True, exist_ok=True)
    with exclusively(made.folder / "prepare.lock"):
        if not (made.folder / "expected.json").exists():
            made.prepare()
    return made


@pytest.fixture(scope="session")
def seed(request) -> int:
    """The seed of all chance: that of the command line, or a new one, which the results keep."""
    given = request.config.getoption("--chaos-seed")
    return random.SystemRandom().randrange(1 << 31) if given is None else given


@pytest.fixture
def chance(seed, request) -> random.Random:
    """Chance of its own for each test, the same for the same seed."""
    return random.Random(f"{seed}/{request.node.name}")


@pytest.fixture(scope="session")
def results(request) -> Path:
    """The file to which results are appended."""
    return request.config.getoption("--chaos-results")


@pytest.fixture(scope="session", autouse=True)
def _imports_paid_once() -> None:
    """Import what the steps import, so that forks need not."""
    import ingestion.disclosure.audit_build
    import ingestion.intake
    import ingestion.portal.sending.four_eyes
    import ingestion.release.publish
    import ingestion.store.packing  # noqa: F401
