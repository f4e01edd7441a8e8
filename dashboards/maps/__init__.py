"""The shapes of countries that maps are drawn from, and the programme that derives them."""

from pathlib import Path

SHAPES_FILE = Path(__file__).resolve().parent / "europe.json"
