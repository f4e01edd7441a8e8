"""What people type, read as they mean it: types of arguments and options."""

from datetime import date

import click


def country_code(text: str) -> str:
    """Return a country's code as the roster has it: `lu` is LU, too."""
    return text.upper()


def day(text: str) -> date:
    """Return a day. Errors: `click.BadParameter` for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"“{text}” is not a day; write it as 2026-12-31.") from None
