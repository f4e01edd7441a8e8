"""Countries in which a second person approves what is sent, before it enters the intake."""

from sqlalchemy import Column, String, Table, delete, select

from ingestion.ledger.tables import METADATA, insert_into, ledger_engine
from ingestion.settings import Settings

# One row per country that asks for a second person.
FOUR_EYES = Table("four_eyes", METADATA, Column("country_code", String, primary_key=True))


def asks_second_person(settings: Settings, country_code: str) -> bool:
    """Say whether a second person approves what this country sends."""
    return country_code in asking_countries(settings)


def asking_countries(settings: Settings) -> set[str]:
    """Return the countries that ask for a second person."""
    with ledger_engine(settings).connect() as connection:
        return set(connection.execute(select(FOUR_EYES.c.country_code)).scalars())


def ask_second_person(settings: Settings, country_code: str, *, is_asked: bool) -> None:
    """Ask for a second person in a country from now on, or no more."""
    with ledger_engine(settings).begin() as connection:
        if is_asked:
            asked = insert_into(connection, FOUR_EYES).values(country_code=country_code)
            connection.execute(asked.on_conflict_do_nothing())
        else:
            connection.execute(delete(FOUR_EYES).where(FOUR_EYES.c.country_code == country_code))
