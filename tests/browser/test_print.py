"""Every page on A4: no sheet nearly empty, no drawing cut, no column lost."""

import pytest

from tests.browser.printing import print_page

pytestmark = pytest.mark.browser
A4 = {(210, 297), (297, 210)}
LEAST_INK = 0.12  # a short last section with the foot of the page has somewhat more


def test_pages_print_on_full_sheets_of_a4_with_whole_charts_and_tables(page, site, screenshots):
    wrong = {}
    for path in (*site.pages, *site.translated_pages):
        page.goto(f"{site.address}/{path}")
        printed = print_page(page, screenshots / f"{path.removesuffix('.html').replace('/', '-')}.pdf")
        ink = [round(sheet.ink_share, 2) for sheet in printed.sheets]
        assert {(sheet.width_mm, sheet.height_mm) for sheet in printed.sheets} <= A4, path
        if min(ink) < LEAST_INK or printed.cut:
            wrong[path] = (ink, printed.cut)
    assert not wrong
