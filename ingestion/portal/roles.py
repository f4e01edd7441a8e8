"""Who may do what: the one table of roles and verbs. What belongs to another country does not exist for an account."""

from dataclasses import dataclass

from ingestion.catalogue import roster_countries

# role: what it may do in each of its countries
ROLES = {
    "contact": ("upload", "send", "read", "fetch_original", "template", "justify", "write"),
    "approver": ("read", "fetch_original", "template", "approve", "write"),
    "steward": ("read", "fetch_original", "template", "write", "decide"),
    "viewer": ("read",),
}
ROLES_OF_ALL_COUNTRIES = ("steward",)


@dataclass(frozen=True)
class Account:
    """An account that may come in, with the countries that it acts for."""

    account_id: str
    email: str
    role: str
    countries: tuple[str, ...]

    def may(self, verb: str) -> bool:
        """Say whether the role allows a verb, in the countries of the account."""
        return verb in ROLES[self.role]

    def sees(self, country_code: str) -> bool:
        """Say whether a country's things exist for this account."""
        return country_code in self.countries


def countries_of(role: str, named: tuple[str, ...]) -> tuple[str, ...]:
    """Return the countries of an account: those named for it, or all of the roster."""
    return tuple(roster_countries()) if role in ROLES_OF_ALL_COUNTRIES else tuple(sorted(named))
