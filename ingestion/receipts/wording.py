"""The sentences at the head of a receipt: how it went, and what to do now.

A trial (`pcm check`) sends nothing, so it must not say that anything was kept or counts.
"""

from typing import Any

NARROW_SPACE = "\u202f"
HEADLINES = {
    "accepted": "Everything is in order. Thank you.",
    "accepted_with_warnings": "Your figures are accepted. Thank you.",
    "held": "Part of your figures counts already. The rest waits for a correction.",
    "refused": "We could not use this file yet.",
    "unreadable": "We could not read this file.",
    "delayed": "Your file is safe. Our answer is late.",
}
TRIAL_HEADLINES = {
    "accepted": "Everything is in order. The file can be sent.",
    "accepted_with_warnings": "The file can be sent. Please look at a few points first.",
    "held": "Part of these figures would count. The rest needs a correction.",
    "refused": "This file cannot be used yet.",
    "unreadable": "We could not read this file.",
}
LEADS = {
    "delayed": "You need not send it again: we try again by ourselves.",
    "accepted": "We read {accepted} and accepted every one. There is nothing left for you to do.",
    "accepted_with_warnings": (
        "We read {accepted} and accepted every one. A few of them look unusual: please look at the points below. "
        "If they are right, there is nothing to do."
    ),
    "held": (
        "Accepted, and counting from now on: {accepted}. Waiting: {waiting}. Below is every cell that needs a "
        "correction, and what to write. The rows that wait are kept, and harm nothing that counts."
    ),
    "refused": (
        "We have kept it as it came, and nothing that counted before has changed. Below is the reason, and what to do."
    ),
}
TRIAL_LEADS = {
    "accepted": "We read {accepted} and would accept every one.",
    "accepted_with_warnings": (
        "We read {accepted} and would accept every one. A few of them look unusual: if they are right, there is "
        "nothing to do."
    ),
    "held": (
        "Would count at once: {accepted}. Would wait: {waiting}. Below is every cell that needs a correction, and "
        "what to write."
    ),
    "refused": "Below is the reason, and what to do.",
}
FIX_CELLS = "Correct the cells listed under “To be corrected” in your own table."
STEPS = {
    "held": [
        FIX_CELLS,
        "Send the file again: the whole of it, or only the indicators that wait ({indicators}).",
        "That is all. Indicators that count already stay as they are, whatever happens to the rest.",
    ],
    "refused": [
        "Do what is written under “To be corrected”.",
        "Send the file again, under any name and as often as you like: a later file replaces an earlier one.",
    ],
}
TRIAL_STEPS = {
    "held": [FIX_CELLS, "Check the file again, or send it as it is: only {indicators} would have to wait."],
    "refused": ["Do what is written under “To be corrected”.", "Check the file again."],
}


def grouped_digits(count: int) -> str:
    """Return a count with narrow spaces between thousands, as no country reads it wrongly."""
    return f"{count:,}".replace(",", NARROW_SPACE)


def counted(count: int, noun: str) -> str:
    """Return "1 row" or "1 200 rows"."""
    return f"{grouped_digits(count)} {noun}{'' if count == 1 else 's'}"


def is_trial(receipt: dict[str, Any]) -> bool:
    """Say whether this is a bare result of the desk: checked, and not sent."""
    return "submission_id" not in receipt


def headline(receipt: dict[str, Any]) -> str:
    """Return the one sentence that says how it went."""
    return (TRIAL_HEADLINES if is_trial(receipt) else HEADLINES)[receipt["verdict"] or "delayed"]


def lead(receipt: dict[str, Any]) -> str:
    """Return the two or three sentences under the headline."""
    counts = receipt["rows"]
    sentences = (TRIAL_LEADS if is_trial(receipt) else LEADS)[_kind(receipt)]
    return sentences.format(
        accepted=counted(counts["accepted"], "row"), waiting=counted(counts["held"] + counts["refused"], "row")
    )


def steps(receipt: dict[str, Any]) -> list[str]:
    """Return what to do now, step by step; nothing if there is nothing to do."""
    waiting = [entry["indicator_code"] for entry in receipt["indicators"] if not entry["counts_already"]]
    sentences = (TRIAL_STEPS if is_trial(receipt) else STEPS).get(_kind(receipt), [])
    # A sender's text may stand among the codes: it is put in place and never taken for a placeholder.
    return [sentence.replace("{indicators}", ", ".join(waiting)) for sentence in sentences]


def _kind(receipt: dict[str, Any]) -> str:
    verdict = str(receipt["verdict"] or "delayed")
    return "refused" if verdict == "unreadable" else verdict
