"""Which codes of a column a text may mean that is none: by its name, its marks, an age in words, or likeness."""

import difflib
import re
import string
from collections.abc import Callable, Iterable
from functools import cache
from unicodedata import combining, normalize

from ingestion.checks.in_words import ages_in_words, unbounded_ages
from ingestion.checks.vocabulary import (
    code_names,
    code_spellings,
    codes,
    narrower_codes,
    region_codes,
    translated_names,
)

COUNTRY_COLUMN, REGION_COLUMN = "REF_AREA", "NUTS2"
LONGEST_ABBREVIATION = 3  # such as GRC, to which GER is near
# Letters that look alike in Latin, Cyrillic and Greek; a code typed on another keyboard looks right and is not.
LOOK_ALIKES = str.maketrans("АВЕКМНОРСТХУІΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTXYIABEZHIKMNOPTYX")
NEAR = 0.75
NEAR_NAME = 0.8  # half of a name is soon alike
FEWEST_LETTERS = 3  # of two letters one may stand in anything
SHORTEST_WORD = 5  # of a name: alle, Haut and any stand in many
SHORTEST_NAME = 6  # that is told by likeness: SCLC is no NSCLC
LETTERS = string.ascii_letters + "_"
SLIPS = " \u00a0\u202f_-–—.:,/'’\""  # of the pen, between the letters of a code or behind them
SEPARATORS = " :;,.-–—()/"
# "woj." and "Reg.-Bez." before a name, "(Land)" and ", Comunidad de" behind it.
KIND_OF_THING = re.compile(r"^(?:\w+\.[\s-]*)+|\([^()]*\)$|,[^,]*$")
# As people write where a keyboard has no such letters: Koeln, Suedbaden. Without any mark: Koln.
WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def codes_in_words(column: str, text: str, sender: str) -> set[str]:
    """Return the codes that a text names in any language, by the bounds of an age, or beside its code."""
    ways = (codes_by_name, _age_class, _code_and_name, _named_in_essence)
    return next((meant for way in ways if (meant := way(column, text, sender))), set())


def _own(column: str, meant: Iterable[str], sender: str) -> set[str]:
    """Leave out the regions of other countries."""
    return set(meant) & {"", *region_codes(sender)} if column == REGION_COLUMN else set(meant)


def codes_by_name(column: str, found: str, sender: str) -> set[str]:
    """A class of ages may be written with blanks and a dash: 15 – 39."""
    name = found.casefold()
    spellings = (name, "".join(name.split()).replace("–", "-"))
    known = (names(column).get(each) for names in (code_names, translated_names) for each in spellings)
    return _own(column, next((meant for meant in known if meant), ()), sender)


def _same_but_for_marks(column: str, found: str, sender: str) -> set[str]:
    """RSM-02, rsm 02 and a Cyrillic М: the letters and digits are those of one code alone."""
    bare = _bare(found)
    return _own(column, (code for code in codes(column) if bare and _bare(code) == bare), sender)


def _same_but_for_slips(column: str, found: str, sender: str) -> set[str]:
    """MTB_02?, #MTB_02 and //MTB_02 are no slips: somebody doubts the code, or leaves the row out."""
    is_slip = found[:1].isalnum() and all(letter.isalnum() or letter in SLIPS for letter in found)
    return _same_but_for_marks(column, found, sender) if is_slip else set()


def _age_class(column: str, found: str, _: str) -> set[str]:
    """The bounds of an age class in words: 15 bis unter 40, 75 y más."""
    return {code for code in ages_in_words(found) if code in codes(column)} if column == "AGE" else set()


def _unbounded_age_class(column: str, found: str, _: str) -> set[str]:
    """75- and –14 miss a bound, which may be lost."""
    return {code for code in unbounded_ages(found) if code in codes(column)} if column == "AGE" else set()


def _code_and_name(column: str, found: str, sender: str) -> set[str]:
    """A code may be followed by its name: F - kobiety, PL21 Małopolskie; a long code also by other words."""
    spellings = code_spellings(column)
    first, *others = (word.strip(SEPARATORS) for word in found.casefold().split())
    if first not in spellings:
        return set()
    meant = {spellings[word] for word in (first, *others) if word in spellings}
    named = codes_by_name(column, " ".join(filter(None, others)), sender)
    is_told = named or len(meant) > 1 or len(first) > LONGEST_ABBREVIATION
    return _own(column, meant | named, sender) if is_told else set()


def _named_in_essence(column: str, found: str, sender: str) -> set[str]:
    """Bremen (Land), woj. śląskie, Koeln: what stands around a name or above its letters says nothing more."""
    names = _names_in_essence(column)
    return _own(column, set().union(*(names.get(spelling, ()) for spelling in _essences(found))), sender)


@cache
def _names_in_essence(column: str) -> dict[str, set[str]]:
    meanings: dict[str, set[str]] = {}
    for names in (code_names(column), translated_names(column)):
        for name, meant in names.items():
            for spelling in _essences(name):
                meanings.setdefault(spelling, set()).update(meant)
    return meanings


def _essences(name: str) -> set[str]:
    essence = KIND_OF_THING.sub("", name.casefold()).strip()
    marked = (essence, essence.translate(WRITTEN_OUT))
    return {"".join(letter for letter in normalize("NFKD", text) if not combining(letter)) for text in marked} - {""}


def _by_a_word(column: str, found: str, _: str) -> set[str]:
    """Lunge is a word of Luftröhre, Bronchien und Lunge alone; words of places are those of many places."""
    is_of_places = column in (COUNTRY_COLUMN, REGION_COLUMN)
    meant = set() if is_of_places else _names_by_word(column).get(found.casefold(), set())
    # A part has words that the whole has not.
    return meant if len(meant) == 1 and meant.isdisjoint(narrower_codes(column)) else set()


@cache
def _names_by_word(column: str) -> dict[str, set[str]]:
    meanings: dict[str, set[str]] = {}
    for names in (code_names(column), translated_names(column)):
        for name, meant in names.items():
            for word in (word.strip(SEPARATORS) for word in name.split()):
                if len(word) >= SHORTEST_WORD:
                    meanings.setdefault(word, set()).update(meant)
    return meanings


def _of_its_digits(column: str, found: str, _: str) -> set[str]:
    """DEG1 may be written 1: not every reader would know of what. Regions have numbers in their own country, too."""
    is_whole = found[:1].isdigit() and found[-1:].isdigit()  # "75-" is less
    candidates = codes(column) if is_whole and column != REGION_COLUMN else ()
    return {code for code in candidates if (digits := _bare(code.lstrip(LETTERS))) and digits == _bare(found)}


def _like_a_code(column: str, found: str, _: str) -> set[str]:
    """One sign more or less makes the code of another country or region."""
    candidates = () if column in (COUNTRY_COLUMN, REGION_COLUMN) else codes(column)
    return set(_nearest(found.upper(), candidates, NEAR))


def _like_a_name(column: str, found: str, sender: str) -> set[str]:
    names = {
        name: own
        for name, meant in code_names(column).items()
        if len(name) >= SHORTEST_NAME and (own := _own(column, meant, sender))
    }
    return set().union(*(names[name] for name in _nearest(found.casefold(), tuple(names), NEAR_NAME)))


def _bare(text: str) -> str:
    return "".join(letter for letter in text.upper().translate(LOOK_ALIKES) if letter.isalnum())


def _nearest(text: str, candidates: tuple[str, ...], cutoff: float) -> list[str]:
    """Return the candidate that is most like a text, two that are equally like it, or none."""
    if len(text) < FEWEST_LETTERS:
        return []
    matcher = difflib.SequenceMatcher(b=text, autojunk=False)

    def likeness(candidate: str) -> float:
        matcher.set_seq1(candidate)
        return matcher.ratio()

    near = difflib.get_close_matches(text, candidates, n=2, cutoff=cutoff)
    return near if len(near) == 2 and likeness(near[0]) == likeness(near[1]) else near[:1]


# In this order; the first that finds anything decides. With each, whether a program may write what it finds.
WAYS_TO_A_CODE: tuple[tuple[bool, Callable[[str, str, str], set[str]]], ...] = (
    (True, codes_by_name),
    (True, _same_but_for_slips),
    (True, _age_class),
    (False, _unbounded_age_class),
    (False, _same_but_for_marks),
    (False, _code_and_name),
    (False, _named_in_essence),
    (False, _by_a_word),
    (False, _of_its_digits),
    (False, _like_a_code),
    (False, _like_a_name),
)
