"""The page where an address leads nowhere: in the site's look and the reader's language, with a way home."""

from html import escape

from ingestion.languages import language_for, phrase, translated_languages

TITLE = phrase("There is no such page")
WHY = phrase("The address may be mistyped, or the release has no page of this name.")
HOME = phrase("To the overview of the current release")
TEXTS = {"title": TITLE, "why": WHY, "home": HOME}
# The style is that of the current release; before the first one the page is plain.
PAGE = """<!doctype html>
<html lang="{code}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · PCM Observatory</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/latest/assets/style.css"></head>
<body><header class="masthead"><div class="wide">
<p class="wordmark"><a href="/latest/{code}/">PCM Observatory</a></p></div></header>
<main class="wide"><h1>{title}</h1><p class="lead">{why}</p>
<p><a href="/latest/{code}/">{home}</a></p></main></body></html>
"""


def missing_page(path: str) -> str:
    """Return the page, in the language that the path of a release's page begins with, else in English."""
    asked = path.strip("/").split("/")
    code = next((part for part in asked[:3] if part in translated_languages()), "en")
    texts = {name: escape(language_for(code).say(text)) for name, text in TEXTS.items()}
    return PAGE.format(code=code, **texts)
