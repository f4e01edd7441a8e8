"""The proof of a receipt: the line of the audit log that holds its hash, and the check of it without the server.

What it proves: the receipt, and the page of it, are those whose hashes stand in the line, and the line is whole. Whose
file it was (by its SHA-256), who sent it and when are part of the receipt. What it cannot prove alone is that the line
stands in the log of the observatory: for that, compare its number and hash with the log (`pcm contact log`), or keep
the receipt. A line cannot change later without changing the hash of every line after it, so one kept receipt
convicts a log that was rewritten.
"""

import hashlib
import json
import re
import zlib
from pathlib import Path
from typing import Any

from ingestion.errors import UsageError
from ingestion.ledger.audit_log import audit_lines, hash_of, record
from ingestion.ledger.chain import canonical_json, canonical_sha256
from ingestion.settings import Settings
from ingestion.store.atomic import read_json, sha256_of
from ingestion.store.home import Home

ACTION = "receipt"
# As WeasyPrint writes it.
ATTACHMENT = re.compile(rb"/Type /EmbeddedFile\b[^\n]*/FlateDecode[^\n]*\nstream\n(.*?)\nendstream", re.DOTALL)
OPENING, CLOSING = "\n<!-- proof ", " -->\n"
RECEIPT_HASH, PAGE_HASH = "receipt_sha256", "page_sha256"


def proof_of(settings: Settings, submission_id: str) -> dict[str, Any]:
    """Return the line of the log for the receipt as it is now; it is written when there is none yet."""
    folder = Home(settings.home).received / submission_id
    receipt = read_json(folder / "receipt.json")
    hashes = {
        "file_sha256": receipt["submission"]["sha256"],
        RECEIPT_HASH: canonical_sha256(receipt),
        PAGE_HASH: sha256_of(folder / "receipt.html"),
    }
    for line in reversed(audit_lines(settings, action=ACTION, subject=submission_id)):
        if json.loads(line["details"]) == hashes:
            return line
    return record(settings, ACTION, account_id="", subject=submission_id, **hashes)


def proved_receipt(settings: Settings, submission_id: str) -> dict[str, Any]:
    """Return `{"receipt": ..., "proof": ...}`."""
    proof = proof_of(settings, submission_id)
    return {"receipt": read_json(Home(settings.home).received / submission_id / "receipt.json"), "proof": proof}


def proved_page(settings: Settings, submission_id: str) -> bytes:
    """Return the page of the receipt with its proof behind it, where no reader sees it."""
    page = (Home(settings.home).received / submission_id / "receipt.html").read_bytes()
    return page + f"{OPENING}{canonical_json(proof_of(settings, submission_id))}{CLOSING}".encode()


def verify_receipt(path: Path) -> tuple[dict[str, Any], list[str]]:
    """Return the proof in a receipt that was downloaded (JSON, HTML or PDF), and what is wrong with it: nothing if it
    holds. Of a PDF, the receipt inside is looked at, not its pages.

    Errors: `UsageError` for a file that carries no proof.
    """
    data = path.read_bytes()
    try:
        what, found_hash, proof = _parts(data)
        details = json.loads(proof["details"])
        line_hash, is_receipt, claimed = hash_of(proof), proof["action"] == ACTION, details.get(what)
    except (ValueError, KeyError, TypeError, AttributeError):  # whatever else may stand in its place
        raise UsageError(f"{path} carries no proof. Download the receipt from the portal again.") from None
    problems = []
    if line_hash != proof["hash"] or not is_receipt:
        problems.append("The line of the audit log was changed: it no longer has its hash.")
    if claimed != found_hash:
        problems.append("The receipt was changed: it no longer has the hash that the audit log holds.")
    return proof, problems


def receipt_inside(data: bytes) -> bytes | None:
    """Return the receipt that is attached to a PDF, as JSON; None for what is no PDF. Errors: `ValueError`."""
    if not data.startswith(b"%PDF"):
        return None
    found = ATTACHMENT.search(data)
    try:
        return zlib.decompress(found[1]) if found else b""
    except zlib.error as fault:
        raise ValueError(fault) from None


def _parts(data: bytes) -> tuple[str, str, dict[str, Any]]:
    """Return which hash of the line is meant, the hash that the receipt has, and the line. Errors: `ValueError`."""
    page, opening, rest = data.rpartition(OPENING.encode())
    if opening:
        return PAGE_HASH, hashlib.sha256(page).hexdigest(), dict(json.loads(rest.removesuffix(CLOSING.encode())))
    inside = receipt_inside(data)
    whole = json.loads(data if inside is None else inside)
    return RECEIPT_HASH, canonical_sha256(whole["receipt"]), dict(whole["proof"])
