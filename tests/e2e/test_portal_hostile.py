"""Every hostile file through a portal that runs as in production, two at a time: a clear answer each, and it lives on.

What the desk must say of each is tested in `tests/hostile`; here, that a page and a program get it from the portal.
"""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from benchmarks.portal import Contact, serving
from ingestion.portal.entrance import accounts
from ingestion.store.atomic import sha256_of
from tests.hostile.corpus import CORPUS
from tests.hostile.test_hostile import REFUSING

pytestmark = pytest.mark.e2e
AT_ONCE = 2
ANSWER_SECONDS = 120


def test_every_hostile_file_gets_a_clear_answer_from_a_portal_that_lives_on(tmp_path):
    with serving(tmp_path) as (settings, url, _), ThreadPoolExecutor(AT_ONCE) as pool:
        contact = Contact(settings, url, "LU")
        token = {"Authorization": f"Bearer {accounts.new_token(settings, 'lu@example.org')}"}

        def answer(numbered):
            number, hostile = numbered
            # Those whose name is the trick all hold the same figures, which would be one upload.
            data = hostile.make() if hostile.rules else hostile.make() + b"\n" * number
            upload_id = contact.send(data, hostile.name)[0].rsplit("/", 1)[1]
            said = httpx.get(f"{url}/api/v1/uploads/{upload_id}", headers=token, timeout=ANSWER_SECONDS)
            assert said.status_code == 200, hostile.name
            is_answered, status = contact.look(f"/uploads/{upload_id}")
            kept = list((settings.home / "portal" / "LU" / upload_id).glob("original*"))
            assert [sha256_of(path) for path in kept] == [said.json()["sha256"]]
            return said.json()["verdict"], is_answered, status

        answers = dict(zip(CORPUS, pool.map(answer, enumerate(CORPUS.values())), strict=True))
        assert httpx.get(f"{url}/healthy").status_code == 200
    wrong = {title: said for title, said in answers.items() if said[1:] != (True, 200)}
    assert not wrong
    refusing = {title for title, (verdict, _, _) in answers.items() if verdict in REFUSING}
    assert refusing == {title for title, hostile in CORPUS.items() if hostile.rules}
    assert {verdict for verdict, _, _ in answers.values()} - REFUSING == {"accepted"}
