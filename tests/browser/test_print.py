"""Every page on A4: no sheet nearly empty, no drawing cut, no column lost, no heading without what it is about."""

import pytest

pytestmark = pytest.mark.browser
A4 = {(210, 297), (297, 210)}
MOST_BYTES = 1_000_000  # it is sent by mail; what a printer draws as a picture, such as a pattern, weighs much more
LEAST_INK = 0.12  # a short last section with the foot of the page has somewhat more


def test_pages_print_on_full_sheets_of_a4_with_whole_charts_and_tables(prints):
    wrong = {}
    for path, printed in prints.items():
        ink = [round(sheet.ink_share, 2) for sheet in printed.sheets]
        assert {(sheet.width_mm, sheet.height_mm) for sheet in printed.sheets} <= A4, path
        if min(ink) < LEAST_INK or printed.cut:
            wrong[path] = (ink, printed.cut)
    assert not wrong


def test_no_page_is_too_heavy_to_be_sent(prints):
    assert not {path: printed.byte_count for path, printed in prints.items() if printed.byte_count > MOST_BYTES}


def test_no_heading_stands_alone_at_the_foot_of_a_sheet(prints):
    assert not {path: printed.alone for path, printed in prints.items() if printed.alone}
