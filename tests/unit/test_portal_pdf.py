"""The receipt as a PDF: tagged, with its proof inside, fetching nothing, and only for whom the receipt is."""

import json
import re
import subprocess
import sys
import zlib

import pytest
from click.testing import CliRunner

from ingestion.cli.main import pcm
from ingestion.errors import UsageError
from ingestion.pdf import is_possible
from ingestion.portal.correspondence import pdf
from ingestion.portal.correspondence.proof import verify_receipt
from tests.portal_visits import browser, cheap_hashes, desk_is_ready, invited, patient_portal, signed_in

PAGE = '<!doctype html><html lang="en"><head><title>Receipt</title></head><body><h1>Thank you</h1>{}</body></html>'

pytestmark = [pytest.mark.usefixtures("cheap_hashes"), pytest.mark.skipif(not is_possible(), reason="no Pango")]
assert cheap_hashes
assert desk_is_ready


def made(page, proof="{}"):
    command = (sys.executable, "-m", "ingestion.portal.correspondence.pdf")
    asked = json.dumps({"page": page, "proof": proof}).encode()
    return subprocess.run(command, input=asked, env=pdf.ENVIRONMENT, capture_output=True, check=True).stdout


def streams(data):
    """What stands in a PDF, unpacked."""
    packed = re.findall(rb"stream\n(.*?)\nendstream", data, re.S)
    return [zlib.decompress(each) for each in packed if each.startswith(b"x")] + [data]


def test_it_is_tagged_says_its_language_and_fetches_nothing(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hush")
    data = made(PAGE.format(f'<img src="file://{secret}" alt="x"><a href="file://{secret}">x</a>'))
    assert data.startswith(b"%PDF-1.7")
    unpacked = b"".join(streams(data))
    for part in (b"/StructTreeRoot", b"/Marked true", b"/Lang (en)", b"pdfuaid", b"receipt.json"):
        assert part in unpacked, part
    assert b"hush" not in unpacked


def test_a_sender_gets_it_with_a_proof_that_holds(settings, tmp_path):
    from tests.unit.test_portal import place_of, upload

    invited(settings)
    invited(settings, "be@example.org", countries=("BE",))
    app = patient_portal(settings)
    client = signed_in(app)
    submission_id = place_of(upload(client))
    client.post(f"/uploads/{submission_id}/send", data={"token": client.token})
    place = f"/submissions/{submission_id}/receipt.pdf"
    assert place in client.get(f"/submissions/{submission_id}").text
    answer = client.get(place)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    receipt = tmp_path / "receipt.pdf"
    receipt.write_bytes(answer.content)
    assert verify_receipt(receipt)[1] == []
    told = CliRunner().invoke(pcm, ["verify-receipt", str(receipt)])
    assert (told.exit_code, "rows accepted 4, held 0, read 4, refused 0" in told.output) == (0, True), told.output
    inside = re.search(rb"/EmbeddedFile.*?stream\n(.*?)\nendstream", answer.content, re.DOTALL)[1]
    changed = zlib.compress(zlib.decompress(inside).replace(b'"accepted": 4', b'"accepted": 5'))
    receipt.write_bytes(answer.content.replace(inside, changed))
    assert [told[:27] for told in verify_receipt(receipt)[1]] == ["The receipt was changed: it"]
    receipt.write_bytes(answer.content.replace(inside, b"x"))
    with pytest.raises(UsageError, match="carries no proof"):
        verify_receipt(receipt)
    assert b"/Lang (pl)" in b"".join(streams(client.get(f"{place}?lang=pl").content))
    assert signed_in(app, "be@example.org").get(place).status_code == 404
    assert browser(app).get(place).headers["location"] == "/sign-in"


def test_without_the_libraries_the_page_says_so(settings, monkeypatch):
    from tests.unit.test_portal import place_of, upload

    monkeypatch.setattr("ingestion.portal.sending.file_pages.is_possible", lambda: False)
    invited(settings)
    app = patient_portal(settings)
    client = signed_in(app)
    submission_id = place_of(upload(client))
    client.post(f"/uploads/{submission_id}/send", data={"token": client.token})
    assert "receipt.pdf" not in (page := client.get(f"/submissions/{submission_id}").text)
    assert "this server cannot make it" in page
    assert client.get(f"/submissions/{submission_id}/receipt.pdf").status_code == 404
