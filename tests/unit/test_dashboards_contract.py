"""The tables that the dashboards read have the columns that dbt promises, and so has the invented release."""

import re

import yaml

from ingestion.settings import PROJECT_ROOT
from tests.invented_release import DDL, FINDINGS_DDL

MODELS = PROJECT_ROOT / "dbt_project" / "models"


def _promised(folder: str) -> dict[str, list[str]]:
    models = yaml.safe_load((MODELS / folder / "_models.yml").read_text(encoding="utf-8"))["models"]
    return {model["name"]: [column["name"] for column in model["columns"]] for model in models}


def test_the_invented_release_has_the_columns_of_the_marts():
    promised = _promised("marts") | _promised("quality")
    for table, columns in {**DDL, "findings": FINDINGS_DDL}.items():
        assert re.findall(r"(\w+) \w+(?:,|$)", columns) == promised[table], table
