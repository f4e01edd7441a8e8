"""Checks of a file that was filled in on one of our templates: is it the template of this country and of today?"""

from ingestion.catalogue import rows
from ingestion.checks.findings import Finding
from ingestion.reading import RawTable
from ingestion.templates import judge_fingerprint

COMMAND = "pcm template --country {country_code} --round {round_id} --out FILE"


def is_template(table: RawTable) -> bool:
    """Say whether the file is one of our templates; its own columns are left where one was saved as CSV."""
    ours = {row["column_name"] for row in rows("template_columns")}
    return table.fingerprint is not None or not ours.isdisjoint(table.header.texts)


def check_fingerprint(table: RawTable, *, country_code: str) -> list[Finding]:
    """Return what the fingerprint of the template says; nothing for other files and for the template of today."""
    judged = judge_fingerprint(table.fingerprint, country_code=country_code) if table.fingerprint else None
    if judged is None or judged["rule"] is None:
        return []
    made_for = " ".join(part for part in (judged["country_code"], judged["round_id"], judged["theme_code"]) if part)
    command = COMMAND.format(country_code=country_code, round_id=rows("rounds")[-1]["round_id"])
    return [Finding(judged["rule"], expected=country_code, given={"made_for": made_for, "command": command})]
