"""The sheets to read: what to do, and what each indicator means."""

from collections.abc import Iterator
from itertools import groupby

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.catalogue import require_round, rows
from ingestion.templates.contents import Contents, entry_kind, labels
from ingestion.templates.data_sheet import DATA_SHEET, blocks_of
from ingestion.templates.grid import breakdowns_of, expected_figures, groups_of, periods_of, sites_of
from ingestion.templates.styles import fit_height, print_on_a4

NAME_WIDTH, TEXT_WIDTH = 22, 96
TITLE_HEIGHT = 34
NOTE_WIDTHS = (11, 26, 46, 36, 36, 14, 14, 24, 24, 24, 24)


def add_read_me(book: Workbook, contents: Contents, *, title: str) -> None:
    """Add the first sheet: for whom it is and until when, what to do in a few lines, what the colours mean."""
    sheet = book.create_sheet(title)
    say = contents.words.say
    sheet.sheet_view.showGridLines = False
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = NAME_WIDTH, TEXT_WIDTH
    _line(sheet, say("Figures for the PCM Observatory"), "", styles=("title", "words"))
    sheet.row_dimensions[1].height = TITLE_HEIGHT
    for name, text in _facts(contents):
        _line(sheet, name, text, styles=("strong words", "words"))
    _heading(sheet, say("What to do"))
    for number, text in enumerate(_steps(contents), start=1):
        _line(sheet, number, text, styles=("strong words", "words"))
    _line(sheet, "", _more_is_welcome(contents), styles=("strong words", "words"))
    _heading(sheet, say("What the cells mean"))
    for style, text in _legend(contents):
        _line(sheet, "", text, styles=(style, "words"))
    print_on_a4(sheet, "portrait")


def _facts(contents: Contents) -> Iterator[tuple[str, str]]:
    asked, language = contents.asked, contents.words
    say, word = language.say, language.word
    found = {row["country_code"]: row["country_name"] for row in rows("countries")}
    this_round = require_round(asked.round_id)
    themes = {row["theme_code"]: row["theme_name"] for row in rows("themes")}
    yield say("Country"), f"{word(found[asked.country_code])} ({asked.country_code})"
    yield say("Round"), word(this_round.round_name)
    yield say("Theme"), word(themes[asked.theme_code]) if asked.theme_code else say("all themes")
    yield say("Deadline"), language.day(this_round.closes_on)
    if contents.portal:
        yield say("Portal"), contents.portal
    yield say("Indicators"), language.number(len(contents.indicators))
    yield say("Rows to fill"), language.number(len(expected_figures(contents.asked)))


def _steps(contents: Contents) -> Iterator[str]:
    say, country = contents.words.say, contents.asked.country_code
    yield say(
        "On the sheet data, fill the yellow cells. Click on one to read what it counts. White cells may stay empty. "
        "Rows in which you enter nothing count as not filled yet; you can send them later."
    )
    yield say(
        "Leave the blue cells as they are. If a figure does not exist, leave its numbers empty and choose in "
        "OBS_STATUS: L (not collected), M (cannot exist), O (missing) or Q (suppressed). Never write 0 for it."
    )
    yield say(
        "When you paste, paste values only (Ctrl+Shift+V): ordinary pasting removes the drop-downs. "
        "If that happens nothing is lost, because every code is checked when the file arrives."
    )
    yield say(
        "See whether all is well: upload the file at the portal. It shows every problem at once, and what would "
        "change; nothing counts yet."
    )
    yield say(
        "Send it there, by the button on the page of the answer. You may send as often as you like: the latest right "
        "figures count."
    )
    yield say(
        "Other ways, where you have been given them: the command pcm check FILE --country {country} checks the file on "
        "your own machine; what you put into the folder inbox/{country}/ is sent at once, and the answer appears in "
        "inbox/{country}/receipts/.",
        country=country,
    )


def _more_is_welcome(contents: Contents) -> str:
    return contents.words.say(
        "More breakdowns are welcome where the sheet of the indicators names them: unfold their columns with the + "
        "above the sheet data, and add rows below the last one. A breakdown needs all its groups and its total."
    )


def _legend(contents: Contents) -> Iterator[tuple[str, str]]:
    say = contents.words.say
    yield "entry", say("Yellow: asked for.")
    yield "open", say("White: fill it if it helps, for example a remark in OBS_COMMENT.")
    yield "closed", say("Dark grey: not used for this indicator.")
    yield "key 0", say("Blue: what the row is about. Bold rows are totals; the shade changes with the indicator.")
    yield "reference", say("Light grey: for you to read, for example the last figures that were accepted.")


def _heading(sheet: Worksheet, text: str) -> None:
    sheet.append([])
    _line(sheet, text, "", styles=("heading", "words"))


def _line(sheet: Worksheet, first: str | int, second: str, *, styles: tuple[str, str]) -> None:
    sheet.append([first, second])
    row = sheet.max_row
    for index, style in enumerate(styles, start=1):
        sheet.cell(row, index).style = f"pcm {style}"
    if second:
        fit_height(sheet, row)


def add_indicator_notes(book: Workbook, contents: Contents, *, title: str) -> None:
    """Add the sheet with one row per indicator: definitions, unit, usual range, periods, sites and breakdowns."""
    sheet = book.create_sheet(title)
    say = contents.words.say
    heads = (
        say("Code"),
        say("Indicator"),
        say("Definition"),
        say("Numerator"),
        say("Denominator"),
        say("Unit"),
        say("Usual range"),
        say("Periods"),
        say("Sites"),
        say("Breakdowns asked for"),
        say("Also welcome"),
    )
    sheet.append(heads)
    for index, width in enumerate(NOTE_WIDTHS, start=1):
        sheet.cell(1, index).style = "pcm key head"
        sheet.column_dimensions[get_column_letter(index)].width = width
    for block in blocks_of(contents.figures):
        sheet.append(_notes(contents.indicators[block.indicator_code], contents))
        for index in range(1, len(heads) + 1):
            sheet.cell(sheet.max_row, index).style = "pcm note"
        code = sheet.cell(sheet.max_row, 1)
        code.hyperlink = Hyperlink(ref="", location=f"{quote_sheetname(DATA_SHEET)}!A{block.first}")
        code.style = "pcm note link"
        fit_height(sheet, sheet.max_row)
    sheet.freeze_panes = "C2"
    sheet.print_title_rows = "1:1"
    print_on_a4(sheet, "landscape")


def _notes(indicator: dict[str, str], contents: Contents) -> list[str]:
    word, code = contents.words.word, indicator["indicator_code"]
    return [
        code,
        word(indicator["indicator_name"]),
        word(indicator["definition"]),
        word(indicator["numerator_definition"]) if _uses(code, "NUMERATOR") else "",
        word(indicator["denominator_definition"]) if _uses(code, "DENOMINATOR") else "",
        word(indicator["unit"]),
        _usual_range(indicator, contents),
        _spans(periods_of(indicator, contents.asked.round_id)),
        "; ".join(word(labels("codes_site")[site]) for site in sites_of(code) if site),
        _dimensions(breakdowns_of(code, "required"), contents),
        _dimensions(breakdowns_of(code, "optional"), contents),
    ]


def _uses(indicator_code: str, column: str) -> bool:
    return entry_kind(indicator_code, column) != "closed"


def _usual_range(indicator: dict[str, str], contents: Contents) -> str:
    number = contents.words.number
    bounds = [number(float(indicator[name])) for name in ("soft_min", "soft_max") if indicator[name]]
    return " – ".join(bounds) if len(bounds) == 2 else ""


def _spans(periods: list[str]) -> str:
    """Return the periods by year, half-years of one year together: "2024-S1 2024-S2, 2025-S1 2025-S2"."""
    return ", ".join(" ".join(found) for _, found in groupby(periods, key=lambda period: period[:4]))


def _dimensions(found: list[str], contents: Contents) -> str:
    word = contents.words.word
    names = {row["dimension_code"]: row["dimension_name"] for row in rows("dimensions")}
    # A country of one region has no regional breakdown to send.
    asked = [name for name in found if name == "SITE" or groups_of(name, contents.asked.country_code)]
    return ", ".join(f"{word(names[name])} ({name})" for name in asked)
