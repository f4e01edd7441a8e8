"""What the command says when something is not as it should be: one sentence and the right exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingestion.cli.main import pcm
from ingestion.cli.tables import table

PCM = Path(sys.executable).parent / "pcm"


def _pcm(*words: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PCM, "--home", home, *words], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", **environment}
    )


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("status",), 2, "There is no observatory at"),
        (("sql", "select 1"), 2, "Nothing is published yet."),
        (("verify",), 2, "Nothing is published yet."),
        (("check", "nowhere.csv", "--country", "LU"), 2, "There is no file nowhere.csv."),
        (("check", "pyproject.toml", "--country", "gr"), 2, "GR is not on the roster."),
        (("sql", "--as-of", "31.12.2026"), 2, "“31.12.2026” is not a day; write it as 2026-12-31."),
        (("explain", "pyproject.toml"), 2, "pyproject.toml is not a receipt of the observatory"),
        (("check", "pyproject.toml"), 2, "Missing option '--country'"),
        (("no-such-command",), 2, "No such command 'no-such-command'"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(tmp_path, words, code, said):
    answered = _pcm(*words, home=tmp_path / "home")
    assert answered.returncode == code
    assert said in answered.stderr
    assert "Traceback" not in answered.stderr


def test_unknown_setting_is_named(tmp_path):
    answered = _pcm("status", home=tmp_path, PCM_STIE_PORT="1")
    assert answered.returncode == 2
    assert answered.stderr == "pcm: PCM_STIE_PORT is not a setting of the observatory. Did you mean PCM_SITE_PORT?\n"


def test_a_home_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    answered = _pcm("run", home=tmp_path / "file" / "home")
    assert answered.returncode == 3
    assert answered.stderr.startswith("pcm: Not a directory (")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,REFERENCE\nCTX_01,LU,2024,1.5,Eurostat\n", 0),
        ("INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,REFERENCE\nCTX_01,BE,2024,1.5,Eurostat\n", 1),
        ("", 2),
    ],
    ids=["accepted", "refused", "unreadable"],
)
def test_check_tells_its_verdict_to_programs(tmp_path, content, code):
    (tmp_path / "file.csv").write_text(content)
    assert _pcm("check", str(tmp_path / "file.csv"), "--country", "LU", home=tmp_path).returncode == code


@pytest.mark.parametrize(
    ("country", "said", "is_copied"),
    [
        ("GR", "1 certain correction: ", True),
        ("BE", "Nothing can be corrected for certain, so there is no copy.", False),
    ],
)
def test_a_copy_is_written_only_where_something_is_certain(tmp_path, country, said, is_copied):
    (tmp_path / "file.csv").write_text(
        f"INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,REFERENCE\nCTX_01,{country},2024,1.5,Eurostat\n"
    )
    answered = _pcm("check", str(tmp_path / "file.csv"), "--country", "EL", "--fix", home=tmp_path)
    assert answered.stdout.startswith(said)
    assert (tmp_path / "file.fixed.csv").exists() == is_copied


def test_status_answers_programs_too(settings):
    answered = _pcm("status", "--json", home=settings.home)
    assert json.loads(answered.stdout)["submissions"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("releases", "Nothing is published yet. The first release comes when"),
        ("drafts", "There are no drafts: a build that passes the gate is published at once."),
        ("token list", "Nobody has a token. `pcm token create NAME` makes one."),
        ("contact list", "Nobody is invited yet. `pcm contact invite LU EMAIL` makes a link."),
        ("contact log", "Nothing is recorded yet."),
        ("tidy", "Nothing that may go is older than 30 days."),
        ("replay --round 2026", "No file was answered while round 2026 was open"),
    ],
)
def test_where_there_is_nothing_a_list_says_so(settings, words, said):
    answered = CliRunner().invoke(pcm, ["--home", str(settings.home), *words.split()])
    assert answered.stdout.startswith(said)
    assert "---" not in answered.stdout


def test_programs_get_an_empty_list_where_there_is_nothing(settings):
    answered = CliRunner().invoke(pcm, ["--home", str(settings.home), "releases", "--json"])
    assert json.loads(answered.stdout) == []


def test_a_steward_is_told_that_no_draft_waits(settings, monkeypatch):
    monkeypatch.setenv("PCM_PUBLISHING", "approval")
    answered = CliRunner().invoke(pcm, ["--home", str(settings.home), "drafts"])
    assert answered.stdout.startswith("No draft waits for you.")


HEAVY = ["pandas", "airflow", "dbt", "great_expectations", "duckdb", "pyarrow", "numpy", "jinja2"]


@pytest.mark.parametrize(
    ("module", "heavy"),
    [("ingestion.cli", [*HEAVY, "sqlalchemy"]), ("ingestion.release.pointing", HEAVY)],
    ids=["pcm --help", "pcm rollback, pcm withdraw"],
)
def test_what_must_be_quick_imports_nothing_heavy(module, heavy):
    code = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_table_is_aligned():
    assert table(["code", "value"], [["LU", 1.23456789], ["MT", None]]) == (
        "code  value\n----  -------\nLU    1.23457\nMT"
    )
