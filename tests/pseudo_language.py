"""A language that is none: what was not asked for shows in it, and what has no room for longer words."""

from ingestion.languages import Language

OPENED, CLOSED = "\u2e22", "\u2e23"
DOT = "\u00b7"
WORD_LENGTH = 12  # of what is added: about as long as a long word of German


class PseudoLanguage(Language):
    """Says everything in brackets and two fifths longer, in words that may stand on lines of their own."""

    marks = (OPENED, DOT, CLOSED)

    def say(self, text, /, **values):
        """Return the English text in brackets, longer."""
        return self._longer(text, super().say(text, **values))

    def say_count(self, one, many, count, /, **values):
        """Return the English text of a count in brackets, longer."""
        return self._longer(many, super().say_count(one, many, count, **values))

    def word(self, text):
        """Return the word in brackets, longer."""
        return self._longer(text, text)

    @property
    def text_code(self):
        """The code of the language itself, which has no translation."""
        return self.code

    def _longer(self, text, said):
        opened, letters, closed = self.marks
        length = round(0.4 * len(text))
        added = (letters * length)[:length]
        words = [added[start : start + WORD_LENGTH] for start in range(0, len(added), WORD_LENGTH)]
        beside = " " if len(added) >= WORD_LENGTH else ""  # a short addition makes the last word longer
        return f"{opened}{said}{beside}{' '.join(words)}{closed}"


class LongerLanguage(PseudoLanguage):
    """The same without brackets, in letters that are together as wide as those of real words."""

    marks = ("", "nesate", "")
