"""Where the portal is, as its users write it."""

from ingestion.settings import LOOPBACK, Settings


def portal_url(settings: Settings) -> str:
    """Return the portal's address without a slash at its end: the public one, or else that on this machine."""
    return settings.portal_url.rstrip("/") or f"http://{LOOPBACK}:{settings.portal_port}"


def invitation_link(settings: Settings, secret: str) -> str:
    """Return the link that is sent to a person who is invited."""
    return f"{portal_url(settings)}/invitation/{secret}"
