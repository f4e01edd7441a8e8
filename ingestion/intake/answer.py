"""Write the answer to a submission: `receipt.json` for programs, `receipt.html` for people, a copy by the inbox."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingestion import ledger
from ingestion.catalogue import rows
from ingestion.checks.registry import checks
from ingestion.intake.in_force import rows_in_force
from ingestion.languages import country_language, language_for, phrase
from ingestion.receipts import localise, render
from ingestion.receipts.localise import quoted
from ingestion.receipts.templates import template
from ingestion.settings import Settings
from ingestion.store.atomic import read_json, write_bytes, write_json
from ingestion.store.home import Home
from ingestion.store.objects import keep

RECEIPTS_FOLDER = "receipts"
RECEIPT_ENDING = ".receipt.html"
LONGEST_NAME_BYTES = 200
DELAYED = phrase(
    "Your file arrived whole and is safe, but a fault on our side has delayed the answer. "
    "You need not send it again: we try again by ourselves, and the steward has been told."
)
REPEATED = phrase(
    "We already have this file: it arrived on {arrived} as {submission_id}. "
    "Sending it again changes nothing. Below is the answer that it got."
)
REPLACED = phrase(
    "Of the rows that were accepted, {counting} of {accepted} count now; later files of your country replaced the "
    "others."
)
REPEATED_AND_REPLACED = phrase(
    "We already have this file: it arrived on {arrived} as {submission_id}. Sending it again changes nothing. Of its "
    "rows that were accepted, {counting} of {accepted} count now; later files replaced the others. To have all of them "
    "count again, change something in the file, for example a remark in OBS_COMMENT, and send it: then it is a new "
    "file."
)
HELD_HEADLINE = phrase("Your figures wait for a decision.")
SET_ASIDE_HEADLINE = phrase("This file was set aside.")
REPLACED_HEADLINE = phrase("You have sent this file before, and later files replaced part of it.")

HELD = phrase(
    "Your file is safe, but a check of the whole release stopped its figures: {sentence} Until this is settled your "
    "earlier figures stay in the release. If something is wrong, send a corrected file; if all is right, please tell "
    "the steward why."
)

SET_ASIDE = phrase(
    "Your file is safe, but your steward has set it aside: none of its figures count any more, and those of your "
    "earlier files count instead. Please send a corrected file; if all is right, please tell the steward why. The "
    "steward’s reason: {reason}"
)


def prepare() -> None:
    """Read what every answer needs, the rules, the page, all languages: forks of this process need not."""
    checks()
    pages = template("receipt.html.j2").environment
    for part in pages.list_templates(extensions=["j2", "css"]):
        pages.get_template(part)
    for country in rows("countries"):
        language = language_for(country_language(country["country_code"]))
        quoted("", language)
        language.number(0)
        language.moment(datetime.now(UTC))


def answer(settings: Settings, arrival: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    """Write and return the receipt of a submission that was examined, for each name; `result` is the desk's."""
    receipt = _write(settings, arrival, {**result, "status": "answered", "in_force": result["rows"]["accepted"] > 0})
    # Whoever sent the same under another name before this answer waits for it, too.
    for other in ledger.inbox_names(settings, arrival["submission_id"]):
        if other.items() - arrival.items():
            answer_repetition(settings, {**arrival, **other, "arrived_via": "inbox"})
    return receipt


def answer_fault(settings: Settings, arrival: dict[str, Any]) -> None:
    """Tell the sender that the delay is ours: the file is safe and is tried again."""
    nothing_yet: dict[str, Any] = {
        "submission": arrival,
        "status": "delayed",
        "verdict": None,
        "rules_version": "",
        "rows": {"read": 0, "accepted": 0, "held": 0, "refused": 0},
        "in_force": False,
        "findings": [],
        "groups": [],
        "indicators": [],
    }
    _write(settings, arrival, nothing_yet | _note(DELAYED, {}))


def answer_repetition(settings: Settings, arrival: dict[str, Any]) -> None:
    """Tell the sender that this content was here before; the first receipt is shown again."""
    home = Home(settings.home)
    receipt_path = home.received / arrival["submission_id"] / "receipt.json"
    if receipt_path.exists():
        note = repetition_note(settings, arrival["submission_id"])
        _copy_to_inbox(home, arrival, _page({**read_json(receipt_path), **note}, arrival), occasion="repetition")


def repetition_note(settings: Settings, submission_id: str) -> dict[str, Any]:
    """Return what the receipt of a submission says more to who sent the same again: how much of it counts now."""
    if note := _note_of_left_out(settings, submission_id):
        return note
    entry = ledger.find(settings, submission_id)
    assert entry is not None
    given: dict[str, Any] = {"arrived": datetime.fromisoformat(entry["received_at"]), "submission_id": submission_id}
    if counts := _counts_where_replaced(settings, entry):
        return _note(REPEATED_AND_REPLACED, given | counts, REPLACED_HEADLINE)
    return _note(REPEATED, given)


def answer_hold(settings: Settings, submission_id: str, sentence: str) -> None:
    """Tell the sender that the gate left the figures out, and what it says; the receipt's rows stay as they are."""
    _show_again(settings, submission_id, _held_note(sentence))


def answer_as_it_stands(settings: Settings, submission_id: str) -> None:
    """Show the sender the first answer again, with why its figures do not count now, if they do not."""
    _show_again(settings, submission_id, standing_note(settings, submission_id))


def standing_note(settings: Settings, submission_id: str) -> dict[str, Any]:
    """Return what the receipt of a submission says more since its answer: why its figures do not count, or not all."""
    if note := _note_of_left_out(settings, submission_id):
        return note
    entry = ledger.find(settings, submission_id)
    counts = _counts_where_replaced(settings, entry) if entry else None
    return _note(REPLACED, counts) if counts else {}


def _note_of_left_out(settings: Settings, submission_id: str) -> dict[str, Any]:
    if decision := ledger.set_aside_now(settings).get(submission_id):
        return _note(SET_ASIDE, {"reason": decision["reason"]}, SET_ASIDE_HEADLINE)
    held = [hold["sentence"] for hold in ledger.holds_in_force(settings) if hold["submission_id"] == submission_id]
    return _held_note(" ".join(held)) if held else {}


def _counts_where_replaced(settings: Settings, entry: dict[str, Any]) -> dict[str, int] | None:
    """Return how many of the accepted rows of a submission count now; None where none was replaced, or nobody knows."""
    accepted = entry["rows_accepted"] or 0
    counting = rows_in_force(settings, entry) if accepted else None
    return None if counting is None or counting == accepted else {"counting": counting, "accepted": accepted}


def _held_note(sentence: str) -> dict[str, Any]:
    return _note(HELD, {"sentence": sentence}, HELD_HEADLINE)


def _note(text: str, given: dict[str, Any], headline: str = "") -> dict[str, Any]:
    return {"note": {"text": text, "headline": headline, "given": given}}


def _show_again(settings: Settings, submission_id: str, note: dict[str, Any]) -> None:
    home = Home(settings.home)
    folder = home.received / submission_id
    arrival = read_json(folder / "arrival.json")
    page = _page({**read_json(folder / "receipt.json"), **note}, arrival)
    write_bytes(folder / "receipt.html", page.encode("utf-8"))
    keep(settings, folder)
    _copy_to_inbox(home, arrival, page, occasion="note")


def _write(settings: Settings, arrival: dict[str, Any], answered: dict[str, Any]) -> dict[str, Any]:
    home = Home(settings.home)
    folder = home.received / arrival["submission_id"]
    receipt = {
        **answered,
        "submission_id": arrival["submission_id"],
        "received_at": arrival["received_at"],
        "answered_at": datetime.now(UTC).isoformat(timespec="seconds"),
        **({"sender": arrival["sender"]} if "sender" in arrival else {}),
    }
    page = _page(receipt, arrival)
    write_json(folder / "receipt.json", receipt)
    write_bytes(folder / "receipt.html", page.encode("utf-8"))
    keep(settings, folder)
    _copy_to_inbox(home, arrival, page, occasion="answer")
    return receipt


def _page(receipt: dict[str, Any], arrival: dict[str, Any]) -> str:
    language = language_for(country_language(arrival["country_code"]))
    return render(localise(receipt, language), language)


def _copy_to_inbox(home: Home, arrival: dict[str, Any], page: str, *, occasion: str) -> None:
    """Put the receipt where the sender put the file: `inbox/<country>/receipts/<folder>/<name>.receipt.html`.

    `occasion`: why it is written; of a submission each is the work of one process at a time.
    """
    if arrival["arrived_via"] == "inbox":
        # Of what arrived before this was noted only the country is known.
        place = Path(arrival.get("inbox_folder", arrival["country_code"])).parts
        folder = home.inbox.joinpath(*place[:1], RECEIPTS_FOLDER, *place[1:])
        # File systems allow 255 bytes; a longer name is cut, the receipt itself says the whole.
        name = arrival["original_name"].encode("utf-8", "replace")[:LONGEST_NAME_BYTES].decode("utf-8", "ignore")
        by = f"{arrival['submission_id']}-{occasion}"
        write_bytes(folder / f"{name}{RECEIPT_ENDING}", page.encode("utf-8"), by=by)
