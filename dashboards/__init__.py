"""The dashboards: a published release drawn as a static site that a steering committee reads and prints."""

from dashboards.site import render_release, render_site

__all__ = ["render_release", "render_site"]
