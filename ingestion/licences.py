"""Licences under which an observatory may give its figures to others, by their SPDX names, and whom to ask."""

from typing import NamedTuple


class Licence(NamedTuple):
    """A licence as readers and catalogues name it; `authority` is its place in the EU's authority list."""

    code: str
    name: str
    title: str
    address: str
    authority: str


LICENCES = {
    each.code: each
    for each in (
        Licence(
            "CC-BY-4.0",
            "CC BY 4.0",
            "Creative Commons Attribution 4.0 International",
            "https://creativecommons.org/licenses/by/4.0/",
            "CC_BY_4_0",
        ),
        Licence(
            "CC-BY-SA-4.0",
            "CC BY-SA 4.0",
            "Creative Commons Attribution-ShareAlike 4.0 International",
            "https://creativecommons.org/licenses/by-sa/4.0/",
            "CC_BYSA_4_0",
        ),
        Licence(
            "CC0-1.0",
            "CC0 1.0",
            "Creative Commons Zero 1.0 Universal",
            "https://creativecommons.org/publicdomain/zero/1.0/",
            "CC0",
        ),
    )
}
# Its figures may be used under CC BY 4.0: https://ec.europa.eu/eurostat/help/copyright-notice
EUROSTAT_ADDRESS = "https://ec.europa.eu/eurostat"


def contact_address(contact: str) -> str:
    """Return the address that leads to a contact: that of a page as it is, that of a mailbox for a program of mail."""
    return f"mailto:{contact}" if "@" in contact and "://" not in contact else contact
