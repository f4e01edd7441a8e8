"""A page is drawn once for all languages: where something is said it leaves a place, which each language fills.

What depends on the words themselves (their case, their length, how they break into lines) is put off until
the words are known. Without a draft everything is said at once, in the language that is spoken.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, NamedTuple, TypeVar

from markupsafe import Markup, escape

from dashboards.patchy import PatchyLanguage, elements_around, settled
from dashboards.speech import speaking, spoken
from ingestion.languages import Language, fill

BEGIN, END = "\ue002", "\ue003"  # around the number of a place; for private use, like the marks of `patchy`
PLACE = re.compile(f"{BEGIN}(\\d+){END}")

Place = TypeVar("Place")


def later(function: Callable[..., str], *args: Any) -> str:
    """Return what a function says in the language that is spoken; in a draft the place where it will stand."""
    language = spoken()
    return language.put_off(function, args) if isinstance(language, Draft) else function(*args)


def drawn_later(function: Callable[..., str], *args: Any) -> str:
    """Return what a function draws, which is text of SVG or HTML; in a draft the place where it will stand."""
    language = spoken()
    return language.put_off(function, args, is_markup=True) if isinstance(language, Draft) else function(*args)


def longest(words: str) -> int:
    """Return the count of letters of words; in a draft in the language that needs most, so that all have room."""
    language = spoken()
    return language.longest(words) if isinstance(language, Draft) else len(words)


def say_in_page(text: str, /, **values: Any) -> Markup:
    """Return a translation as text of a page; a value that is markup stays markup (a link that opens and closes)."""
    return Markup(drawn_later(_said_in_page, text, _in_page(values)))


def say_count_in_page(one: str, many: str, count: int, /, **values: Any) -> Markup:
    """Return a translation in the plural form of a count as text of a page."""
    return Markup(drawn_later(_counted_in_page, one, many, count, _in_page({"count": count} | values)))


def _in_page(values: dict[str, Any]) -> tuple[tuple[str, Markup], ...]:
    shown = ((name, value if isinstance(value, str) else spoken().number(value)) for name, value in values.items())
    return tuple((name, escape(value)) for name, value in shown)


def _said_in_page(text: str, values: tuple[tuple[str, Markup], ...]) -> str:
    return _filled(spoken().say(text, **_kept(values)), values)


def _counted_in_page(one: str, many: str, count: int, values: tuple[tuple[str, Markup], ...]) -> str:
    return _filled(spoken().say_count(one, many, count, **_kept(values)), values)


def _kept(values: tuple[tuple[str, Markup], ...]) -> dict[str, str]:
    return {name: f"{{{name}}}" for name, _ in values}


def _filled(text: str, values: tuple[tuple[str, Markup], ...]) -> str:
    return fill(str(escape(text)), dict(values))


class _Saying(NamedTuple):
    """What a place stands for: what a function returns, once places in its arguments are words."""

    function: Callable[..., str]
    args: tuple[Any, ...]
    is_markup: bool
    has_places: bool


def _has_places(args: tuple[Any, ...]) -> bool:
    return any(
        _has_places(each) if isinstance(each, tuple) else isinstance(each, str) and BEGIN in each for each in args
    )


class _Words(dict[Place, str], Generic[Place]):
    """What stands in the places in one language, found when it is asked for."""

    def __init__(self, find: Callable[[Place], str]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, place: Place) -> str:
        self[place] = found = self._find(place)
        return found


@dataclass(frozen=True, eq=False)
class Draft(Language):
    """The language of a draft: what is said in it is a place, the same place for the same words."""

    languages: Sequence[Language] = ()
    _places: dict[Any, str] = field(default_factory=dict)
    _sayings: list["_Saying"] = field(default_factory=list)
    _lengths: dict[str, int] = field(default_factory=dict)
    _plain: dict[str, _Words[int]] = field(default_factory=dict)
    _marked_up: dict[str, _Words[int]] = field(default_factory=dict)
    _settled: dict[str, _Words[tuple[int, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for language in self.languages:
            self._plain[language.code] = _Words(self._say_plain)
            self._marked_up[language.code] = _Words(self._say_in_page)
            self._settled[language.code] = _Words(self._say_settled)

    def put_off(self, function: Callable[..., str], args: tuple[Any, ...], *, is_markup: bool = False) -> str:
        """Return the place of what a function will return, once places in its arguments are words."""
        key = (function, args)
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = f"{BEGIN}{len(self._sayings)}{END}"
            self._sayings.append(_Saying(function, args, is_markup, _has_places(args)))
        return place

    def filled(self, page: str) -> Iterator[tuple[Language, str]]:
        """Yield a page (or drawing) in every language, as markup."""
        pieces = PLACE.split(page)
        places = [int(each) for each in pieces[1::2]]
        around = list(elements_around(pieces[::2]))
        for language in self.languages:
            with speaking(language):
                if isinstance(language, PatchyLanguage):
                    pieces[1::2] = map(self._settled[language.code].__getitem__, zip(places, around, strict=True))
                else:
                    pieces[1::2] = map(self._marked_up[language.code].__getitem__, places)
                yield language, "".join(pieces)

    def plain(self, text: str, language: Language) -> str:
        """Return a text in one language, as it stands in data."""
        if BEGIN not in text:
            return text
        with speaking(language):
            return self._as_plain(text)

    def longest(self, words: str) -> int:
        """Return the count of letters of words in the language that needs most."""
        if words not in self._lengths:
            self._lengths[words] = max(len(self.plain(words, language)) for language in self.languages)
        return self._lengths[words]

    def say(self, text: str, /, **values: Any) -> str:
        """Return the place of a translation."""
        return self.put_off(_say, (text, tuple(values.items()))) if text else ""

    def say_count(self, one: str, many: str, count: int, /, **values: Any) -> str:
        """Return the place of a translation in the plural form of a count."""
        return self.put_off(_say_count, (one, many, count, tuple(values.items())))

    def word(self, text: str) -> str:
        """Return the place of a word of the catalogue."""
        return self.put_off(_word, (text,)) if text else ""

    def number(self, x: float) -> str:
        """Return the place of a number."""
        return self.put_off(_number, (x,))

    def fixed(self, x: float, decimals: int) -> str:
        """Return the place of a figure; what is the same once it is rounded has the same place."""
        return self.put_off(_fixed, (round(x, decimals), decimals))

    def percent(self, x: float, decimals: int = 0) -> str:
        """Return the place of a figure in percent."""
        return self.put_off(_percent, (x, decimals))

    def day(self, day: date) -> str:
        """Return the place of a day."""
        return self.put_off(_day, (day,))

    def moment(self, moment: datetime) -> str:
        """Return the place of a moment."""
        return self.put_off(_moment, (moment,))

    def _say_plain(self, place: int) -> str:
        if place >= len(self._sayings):  # no place of ours: somebody's text has these characters
            return ""
        saying = self._sayings[place]
        return saying.function(*(map(self._in_words, saying.args) if saying.has_places else saying.args))

    def _say_in_page(self, place: int) -> str:
        words = self._plain[spoken().code][place]
        is_markup = place < len(self._sayings) and self._sayings[place].is_markup
        if not is_markup:
            return str(escape(words))
        if BEGIN not in words:
            return words
        return PLACE.sub(lambda found: self._marked_up[spoken().code][int(found[1])], words)

    def _say_settled(self, place_and_around: tuple[int, str]) -> str:
        place, around = place_and_around
        return settled(self._marked_up[spoken().code][place], around)

    def _in_words(self, value: Any) -> Any:
        """Return an argument with words in its places; places in markup stay until the page is filled."""
        if isinstance(value, tuple):
            return tuple(map(self._in_words, value))
        return self._as_plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    def _as_plain(self, text: str) -> str:
        if BEGIN not in text:
            return text
        return PLACE.sub(lambda found: self._plain[spoken().code][int(found[1])], text)


def _say(text: str, values: tuple[tuple[str, Any], ...]) -> str:
    return spoken().say(text, **dict(values))


def _say_count(one: str, many: str, count: int, values: tuple[tuple[str, Any], ...]) -> str:
    return spoken().say_count(one, many, count, **dict(values))


def _word(text: str) -> str:
    return spoken().word(text)


def _number(x: float) -> str:
    return spoken().number(x)


def _fixed(x: float, decimals: int) -> str:
    return spoken().fixed(x, decimals)


def _percent(x: float, decimals: int) -> str:
    return spoken().percent(x, decimals)


def _day(day: date) -> str:
    return spoken().day(day)


def _moment(moment: datetime) -> str:
    return spoken().moment(moment)
