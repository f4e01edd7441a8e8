"""One rule set, three doors: a file gets the same answer at the desk, when it is handed in, and from the inbox.

Each door has an observatory of its own, and all three get the same files in the same order, so that what a file is
compared with grows alike.
"""

import json
import os
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner

from ingestion.checks.registry import checks
from ingestion.cli.main import pcm
from ingestion.intake import claim_pending, process_submission, receive
from ingestion.store.home import Home
from tests.golden.corpus import FOLDER, MADE_FILES, sender_of, write_bad_file

pytestmark = [pytest.mark.integration, pytest.mark.thorough]

JUDGED = ("verdict", "rows", "rules_version", "findings", "groups", "indicators", "compared_with")


def one_of_each_kind():
    """A rule with a bad file for each stage, severity and scope; what each rule answers is golden's matter."""
    kinds = {}
    for rule, check in checks().items():
        if rule in MADE_FILES or (FOLDER / f"{rule}.csv").exists():
            kinds.setdefault((check.stage, check.severity, check.scope), rule)
    return list(kinds.values())


def judged(result):
    return {key: result.get(key) for key in JUDGED}


def at_the_desk(settings, path, country):
    """`pcm check`, which sends nothing: its public answer without the sentences, which a receipt has no need of."""
    arguments = ["--home", str(settings.home), "check", str(path), "--country", country, "--format", "json"]
    result = json.loads(CliRunner().invoke(pcm, arguments).output)
    for finding in result["findings"]:
        for key in ("message", "expected", "what_to_do"):
            del finding[key]
    for group in result["groups"]:
        del group["message"]
    return judged(result)


def handed_in(settings, path, country):
    """`pcm submit` and every upload: a file is received, then processed."""
    return judged(process_submission(settings, receive(settings, path, country_code=country, arrived_via="upload")))


def from_the_inbox(settings, path, country):
    """A file that lies in the inbox, as the intake of Airflow claims and processes it."""
    folder = Home(settings.home).inbox / country
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, folder / path.name)
    [submission_id] = claim_pending(settings)
    return judged(process_submission(settings, submission_id))


def test_every_door_gives_the_same_answer_to_a_bad_file_of_each_kind(settings, tmp_path):
    handing_in, inbox = (replace(settings, home=tmp_path / name) for name in ("handing_in", "inbox"))
    Home(handing_in.home).create()
    Home(inbox.home).create()
    different = []
    for place, rule in enumerate(one_of_each_kind()):
        folder = tmp_path / "files" / str(place)
        folder.mkdir(parents=True)
        path, country = write_bad_file(rule, folder), sender_of(rule)
        # Two checks may share their bad file: a moment of its own makes each arrival one of its own.
        os.utime(path, (place, place))
        # The desk looks at the observatory that the file is about to be handed to.
        answers = [at_the_desk(handing_in, path, country), handed_in(handing_in, path, country)]
        answers.append(from_the_inbox(inbox, path, country))
        if not answers[0] == answers[1] == answers[2]:
            different.append(rule)
    assert not different
