"""The sentences at the head of a receipt: how it went, and what to do now.

A trial (`pcm check`) sends nothing, so it must not say that anything was kept or counts.
"""

from typing import Any

from ingestion.languages import Language, phrase, phrase_count

# A sentence about a number of rows is (which rows, one, many).
Sentence = str | tuple[str, tuple[str, str]]

VERDICTS = {
    "accepted": phrase("accepted"),
    "accepted_with_warnings": phrase("accepted with warnings"),
    "held": phrase("held"),
    "refused": phrase("refused"),
    "unreadable": phrase("unreadable"),
    "delayed": phrase("delayed"),
}
HEADLINES = {
    "accepted": phrase("Everything is in order. Thank you."),
    "accepted_with_warnings": phrase("Your figures are accepted. Thank you."),
    "held": phrase("Part of your figures counts already. The rest waits for a correction."),
    "refused": phrase("We could not use this file yet."),
    "unreadable": phrase("We could not read this file."),
    "delayed": phrase("Your file is safe. Our answer is late."),
}
TRIAL_HEADLINES = {
    "accepted": phrase("Everything is in order. The file can be sent."),
    "accepted_with_warnings": phrase("The file can be sent. Please look at a few points first."),
    "held": phrase("Part of these figures would count. The rest needs a correction."),
    "refused": phrase("This file cannot be used yet."),
    "unreadable": phrase("We could not read this file."),
}
ALL_ACCEPTED = phrase_count("We read {count} row and accepted it.", "We read {count} rows and accepted every one.")
ALL_ACCEPTABLE = phrase_count(
    "We read {count} row and would accept it.", "We read {count} rows and would accept every one."
)
LOOK_AT_POINTS = phrase("Some figures look unusual: please look at the points below.")
EVERY_CELL = phrase("Below is every cell that needs a correction, and what to write.")
LEADS: dict[str, list[Sentence]] = {
    "delayed": [phrase("You need not send it again: we try again by ourselves.")],
    "accepted": [("accepted", ALL_ACCEPTED), phrase("There is nothing left for you to do.")],
    "accepted_with_warnings": [("accepted", ALL_ACCEPTED), LOOK_AT_POINTS],
    "held": [
        (
            "accepted",
            phrase_count(
                "Accepted, and counting from now on: {count} row.", "Accepted, and counting from now on: {count} rows."
            ),
        ),
        ("waiting", phrase_count("Waiting: {count} row.", "Waiting: {count} rows.")),
        EVERY_CELL,
        phrase("The rows that wait are kept, and harm nothing that counts."),
    ],
    "refused": [
        phrase("We have kept it as it came, and nothing that counted before has changed."),
        phrase("Below is the reason, and what to do."),
    ],
}
TRIAL_LEADS: dict[str, list[Sentence]] = {
    "accepted": [("accepted", ALL_ACCEPTABLE)],
    "accepted_with_warnings": [("accepted", ALL_ACCEPTABLE), LOOK_AT_POINTS],
    "held": [
        ("accepted", phrase_count("Would count at once: {count} row.", "Would count at once: {count} rows.")),
        ("waiting", phrase_count("Would wait: {count} row.", "Would wait: {count} rows.")),
        EVERY_CELL,
    ],
    "refused": [phrase("Below is the reason, and what to do.")],
}
FIX_CELLS = phrase("Correct the cells listed under “To be corrected” in your own table.")
DO_WHAT_IS_WRITTEN = phrase("Do what is written under “To be corrected”.")
STEPS = {
    "held": [
        FIX_CELLS,
        phrase("Send the file again: the whole of it, or only the indicators that wait ({indicators})."),
        phrase("That is all. Indicators that count already stay as they are, whatever happens to the rest."),
    ],
    "refused": [
        DO_WHAT_IS_WRITTEN,
        phrase("Send the file again, under any name and as often as you like: a later file replaces an earlier one."),
    ],
}
TRIAL_STEPS = {
    "held": [
        FIX_CELLS,
        phrase("Check the file again, or send it as it is: only {indicators} would have to wait."),
    ],
    "refused": [DO_WHAT_IS_WRITTEN, phrase("Check the file again.")],
}


def is_trial(receipt: dict[str, Any]) -> bool:
    """Say whether this is a bare result of the desk: checked, and not sent."""
    return "submission_id" not in receipt


def verdict_of(receipt: dict[str, Any]) -> str:
    """Return the verdict; "delayed" where there is none yet."""
    return str(receipt["verdict"] or "delayed")


def headline(receipt: dict[str, Any], language: Language) -> str:
    """Return the one sentence that says how it went, or how it stands since."""
    if since := receipt.get("note", {}).get("headline"):
        return language.say(since)
    return language.say((TRIAL_HEADLINES if is_trial(receipt) else HEADLINES)[verdict_of(receipt)])


def lead(receipt: dict[str, Any], language: Language) -> str:
    """Return the two or three sentences under the headline."""
    rows = receipt["rows"]
    counts = {"accepted": rows["accepted"], "waiting": rows["held"] + rows["refused"]}
    sentences = (TRIAL_LEADS if is_trial(receipt) else LEADS)[_kind(receipt)]
    return " ".join(
        language.say(sentence) if isinstance(sentence, str) else language.say_count(*sentence[1], counts[sentence[0]])
        for sentence in sentences
    )


def steps(receipt: dict[str, Any], language: Language) -> list[str]:
    """Return what to do now, step by step; nothing if there is nothing to do."""
    waiting = [entry["indicator_code"] for entry in receipt["indicators"] if not entry["counts_already"]]
    sentences = (TRIAL_STEPS if is_trial(receipt) else STEPS).get(_kind(receipt), [])
    indicators = ", ".join(waiting) or language.say("rows that name no indicator")
    return [language.say(sentence, indicators=indicators) for sentence in sentences]


def compared_with(receipt: dict[str, Any], language: Language) -> list[str]:
    """Return what earlier data the figures were compared with; nothing for a result that does not say."""
    compared = receipt.get("compared_with")
    if not compared:
        return []
    count, release_id = compared["earlier_submissions"], compared["release_id"]
    own = language.say_count(
        "We compared your figures with those of {count} earlier file of your country.",
        "We compared your figures with those of {count} earlier files of your country.",
        count,
    )
    others = language.say("We compared them with the other countries in release {release_id}.", release_id=release_id)
    return [
        own if count else language.say("There is no earlier file of your country to compare with."),
        others if release_id else language.say("There is no release of all countries yet to compare with."),
    ]


def _kind(receipt: dict[str, Any]) -> str:
    verdict = verdict_of(receipt)
    return "refused" if verdict == "unreadable" else verdict
