"""Prometheus reads its files in deploy/, and each alert comes when it is due (tests/unit/alerts_test.yml)."""

import shutil
import subprocess

import pytest

from ingestion.settings import PROJECT_ROOT

pytestmark = pytest.mark.skipif(
    not shutil.which("promtool"), reason="Alerts need promtool (Debian: apt-get install prometheus)."
)


@pytest.mark.parametrize("asked", ["check config deploy/prometheus.yml", "test rules tests/unit/alerts_test.yml"])
def test_prometheus_takes_its_files_and_alerts_in_time(asked):
    done = subprocess.run(["promtool", *asked.split()], cwd=PROJECT_ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_tried():
    tried = (PROJECT_ROOT / "tests" / "unit" / "alerts_test.yml").read_text(encoding="utf-8")
    rules = (PROJECT_ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8")
    assert f"value: {rules.count('- alert:')}" in tried
