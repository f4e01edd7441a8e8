"""How long the site of a release takes to draw, in the languages that are complete and in 26.

`python -m benchmarks.site RELEASE_FOLDER` draws it into a temporary folder. The 20 further languages have no
translation: what they say is English and marked as such, which is more work than a translation.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

from dashboards import render_site
from dashboards.patchy import PatchyLanguage
from ingestion.languages import COMPLETE_LANGUAGES, Language, language_for

FURTHER = (
    "bg",
    "cs",
    "da",
    "el",
    "et",
    "fi",
    "ga",
    "hr",
    "hu",
    "is",
    "lt",
    "lv",
    "mt",
    "nb",
    "nl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sv",
)


def main() -> None:
    """Print a table: languages, seconds waited, seconds of processor time of all processes, size of all pages."""
    complete: list[Language] = [language_for(code) for code in COMPLETE_LANGUAGES]
    further: list[Language] = [PatchyLanguage(code) for code in FURTHER]
    print("| languages | pages and drawings | MB | waited, s | processor, s |\n|---:|---:|---:|---:|---:|")
    for languages in (complete, complete + further):
        with tempfile.TemporaryDirectory() as folder:
            waited, worked = time.perf_counter(), _processor_seconds()
            render_site(Path(sys.argv[1]), Path(folder), languages=languages)
            waited, worked = time.perf_counter() - waited, _processor_seconds() - worked
            files = [path for path in Path(folder).rglob("*") if path.suffix in (".html", ".svg")]
            size = sum(path.stat().st_size for path in files) / 1e6
            print(f"| {len(languages)} | {len(files)} | {size:.0f} | {waited:.1f} | {worked:.1f} |", flush=True)


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
