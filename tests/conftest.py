"""Fixtures shared by all kinds of test."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from ingestion.catalogue import rounds
from ingestion.settings import Settings
from ingestion.store.home import Home

# How long an example takes is the machine's matter, not the code's.
hypothesis_settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("untimed")


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="Write the golden files anew; read the difference.")
    parser.addoption("--chaos-whole", action="store_true", help="Do harm in the long steps, too.")
    parser.addoption("--chaos-kills", type=int, default=20, help="How often the chaos tests kill.")
    parser.addoption("--chaos-flips", type=int, default=50, help="How many bits they flip in each layer.")
    parser.addoption("--chaos-rounds", type=int, default=1, help="How often they do every other harm.")
    parser.addoption("--chaos-seed", type=int, help="The seed of an earlier run, to repeat it.")
    parser.addoption("--chaos-homes", type=Path, help="Where the homes to disturb are kept from run to run.")
    parser.addoption("--chaos-results", type=Path, default=Path(".chaos/results.jsonl"), help="Where results go.")
    parser.addoption("--shown-again", type=int, default=60, help="How many hidden figures the audit must see shown.")
    parser.addoption("--warehouse", type=Path, help="The build of which they are, instead of a small round's.")
    parser.addoption("--postgresql", action="store_true", help="Keep the tests' ledgers in a real PostgreSQL.")
    parser.addoption("--home", type=Path, help="The observatory that the browser looks at, instead of a small release.")


def pytest_terminal_summary(terminalreporter):
    """Say in red, at the end, what no browser looked at, which harm was not done and what did not grow."""
    skipped = terminalreporter.stats.get("skipped", [])
    for folder, words in (
        ("browser", "NOT TESTED IN A BROWSER."),
        ("chaos", "HARM NOT DONE."),
        ("growth", "NOT BUILT IN A LAKE."),
        ("e2e", "NOT RUN AS A CLUSTER."),
        ("unit", "NOT TRIED."),
    ):
        reasons = {report.longrepr[2] for report in skipped if report.nodeid.startswith(f"tests/{folder}/")}
        for reason in sorted(reasons):
            terminalreporter.write_line(f"{words} {reason}", red=True, bold=True)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory):
    """A real PostgreSQL, started when the first test asks for it."""
    from tests.postgresql import running_server

    with running_server(tmp_path_factory.mktemp("postgresql")) as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Settings of a fresh observatory that takes files from its inbox at once."""
    ledger = ""
    if request.config.getoption("--postgresql"):
        ledger = request.getfixturevalue("postgresql").new_database()
        request.getfixturevalue("monkeypatch").setenv("PCM_LEDGER", ledger)  # for commands and children, too
    made = Settings(home=tmp_path / "home", settle_seconds=0, ledger=ledger)
    Home(made.home).create()
    return made


@pytest.fixture
def let_round_close(monkeypatch):
    """Return a function that lets the latest round close on a day."""

    def close_on(day: date) -> None:
        only = {"round_id": "2026", "round_name": "Round", "opens_on": "0001-01-01", "closes_on": day.isoformat()}
        monkeypatch.setattr(rounds, "rows", lambda table: (only,))

    return close_on
