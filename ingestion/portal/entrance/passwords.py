"""What a password must be: long enough, and none of those that are guessed first (NIST SP 800-63B, on blocklists).

No sign of any kind is asked for: a long sentence is easier to keep in mind, and harder to guess.
"""

import re

from ingestion.languages import phrase

SHORTEST, LONGEST = 12, 200
FEWEST_DIFFERENT = 5
# {what is wrong: (what is said, what fills its placeholders)}
PROBLEMS = {
    "short": (phrase("Choose a password of at least {count} characters."), {"count": SHORTEST}),
    "long": (phrase("Choose a password of at most {count} characters."), {"count": LONGEST}),
    "guessed": (
        phrase(
            "This password would be guessed soon: it is a common one, your address, or the same again and again. "
            "Choose another one."
        ),
        {},
    ),
}
ROWS_OF_KEYS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "1234567890" * 20,
)
# Whatever digits and signs stand before and behind: those are tried first.
COMMON = {
    *("password", "passwort", "motdepasse", "contraseña", "contrasena", "hasło", "haslo", "parola", "wachtwoord"),
    *("letmein", "welcome", "willkommen", "bienvenue", "bienvenido", "benvenuto", "iloveyou", "administrator", "admin"),
    *("observatory", "pcmobservatory", "changeme", "secret", "summer", "winter", "spring", "autumn"),
}
REPEATED = re.compile(r"(.+?)\1+")
NO_LETTER = re.compile(r"[\W\d_]+")


def problem_of(password: str, address: str) -> str | None:
    """Return what is wrong with the password of an address, a key of `PROBLEMS`; None when it will do."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    return "guessed" if _is_guessed(password.casefold(), address.casefold()) else None


def _is_guessed(password: str, address: str) -> bool:
    word = _word_of(password)
    return (
        len(set(password)) < FEWEST_DIFFERENT
        or bool(REPEATED.fullmatch(password))
        or any(each in row or each in row[::-1] for each in (password, word) for row in ROWS_OF_KEYS)
        or word in COMMON
        or password == address
        or word in (_word_of(address), _word_of(address.partition("@")[0]))
    )


def _word_of(text: str) -> str:
    """Return the letters of a text, once where they are repeated, or all of it where they are too few for a word."""
    letters = NO_LETTER.sub("", text)
    repeated = REPEATED.fullmatch(letters)
    word = repeated[1] if repeated else letters
    return word if len(word) >= FEWEST_DIFFERENT else text
