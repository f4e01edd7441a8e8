"""Every page on A4: no sheet nearly empty, no drawing cut, no column lost."""

import pytest

pytestmark = pytest.mark.browser
A4 = {(210, 297), (297, 210)}
LEAST_INK = 0.12  # a short last section with the foot of the page has somewhat more


def test_pages_print_on_full_sheets_of_a4_with_whole_charts_and_tables(visits):
    wrong = {}
    for each in visits:
        ink = [round(sheet.ink_share, 2) for sheet in each.printed.sheets]
        assert {(sheet.width_mm, sheet.height_mm) for sheet in each.printed.sheets} <= A4, each.path
        if min(ink) < LEAST_INK or each.printed.cut:
            wrong[each.path] = (ink, each.printed.cut)
    assert not wrong
