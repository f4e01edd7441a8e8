"""The receipt as a tagged PDF (PDF/UA-1), with its proof inside as `receipt.json`.

Run as a program, this is the child that makes it: WeasyPrint takes seconds of a whole core, which the portal has other
use for. The HTML receipt is always there; a PDF only where Pango is (Debian: libpangoft2-1.0-0).
"""

import json
import subprocess
import sys

from ingestion.errors import PcmError
from ingestion.intake.answer import standing_note
from ingestion.languages import Language
from ingestion.pdf import VARIANT
from ingestion.portal.correspondence.proof import proved_receipt
from ingestion.receipts import localise, render
from ingestion.settings import PROJECT_ROOT, Settings

LONGEST_SECONDS = 120
ATTACHED = "receipt.json"
ENVIRONMENT = {"PYTHONPATH": str(PROJECT_ROOT), "LANG": "C.UTF-8"}


def receipt_pdf(settings: Settings, submission_id: str, language: Language) -> bytes:
    """Return the receipt of a submission that was answered, in the language of its reader.

    Errors: `PcmError` when it cannot be made.
    """
    proved = proved_receipt(settings, submission_id)
    shown = proved["receipt"] | standing_note(settings, submission_id)
    page = render(localise(shown, language), language)
    proof = json.dumps(proved, ensure_ascii=False)
    asked = json.dumps({"page": page, "proof": proof}).encode()
    command = (sys.executable, "-m", "ingestion.portal.correspondence.pdf")
    try:
        done = subprocess.run(command, input=asked, env=ENVIRONMENT, capture_output=True, timeout=LONGEST_SECONDS)
    except subprocess.TimeoutExpired:
        raise PcmError(f"The PDF of {submission_id} took longer than {LONGEST_SECONDS} s.") from None
    if done.returncode:
        raise PcmError(f"The PDF of {submission_id} could not be made: {done.stderr.decode(errors='replace')}")
    return done.stdout


def main() -> None:
    """Make the PDF that standard input asks for; nothing is fetched from anywhere."""
    from weasyprint import HTML, Attachment
    from weasyprint.urls import URLFetcher

    asked = json.load(sys.stdin)
    attached = Attachment(string=asked["proof"], name=ATTACHED, description="Receipt and proof, for pcm verify-receipt")
    document = HTML(string=asked["page"], url_fetcher=URLFetcher(allowed_protocols=["data"]))
    sys.stdout.buffer.write(document.write_pdf(pdf_variant=VARIANT, attachments=[attached]))


if __name__ == "__main__":
    main()
