"""Markup: a contact's own file back, with marks and comments, or with the certain fixes written into it."""

from ingestion.markup.mark_up import mark_up

__all__ = ["mark_up"]
