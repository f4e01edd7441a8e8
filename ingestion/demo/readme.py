"""The page beside the files of the round: what they are, and what is wrong with which."""

from collections.abc import Iterable
from pathlib import Path

from ingestion.demo.faults import corrections, faults

HEAD = """THE DEMONSTRATION ROUND (seed {seed})

One file per country, in the format in which its contact would send it.
- Rows of theme CTX are real figures, published by Eurostat; REFERENCE names the source of each.
- All other rows are INVENTED. REFERENCE begins with SYNTHETIC. They describe no country and no patient.

wave1/  the first file of every country
wave2/  what some countries send afterwards

"""


def readme_text(files: Iterable[Path], *, seed: int) -> str:
    """Return the text of README.txt: one line per file, with what happened to it."""
    lines = [HEAD.format(seed=seed)]
    for path in files:
        wave, country_code, name = path.parts
        story = (faults() if wave == "wave1" else corrections()).get(country_code)
        lines.append(f"{wave}  {country_code}  {name}\n" + (f"           {story['what_happened']}\n" if story else ""))
    return "".join(lines)
