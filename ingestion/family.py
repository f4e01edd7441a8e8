"""What the site and the portal look like alike: the style sheet that stands before that of each."""

from pathlib import Path

FAMILY = Path(__file__).with_name("family.css")
