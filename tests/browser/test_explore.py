"""SQL in the browser, with the real engine: it attaches a release and answers every example."""

import csv
import io
import json

import duckdb
import pytest

from ingestion.doors import explore
from ingestion.formulas import FORMULA_STARTS
from tests.browser.looking import barriers, picture

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def asking(only_page, site):
    """The page, with nothing asked yet; its engine is loaded once."""
    page = only_page
    if not (explore.FOLDER / f"{explore.ENGINE}.gz").is_file():
        pytest.skip("The query engine is not installed (make explore, which needs npm).")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.address.partition('/r/')[0]}/explore/?release={site.folder.parent.name}")
    page.locator("#run:enabled").wait_for()
    assert not any("worker" in url or "wasm" in url or "duckdb" in url for url in asked)
    return page


def answer_to(page, sql: str) -> list[list[str]]:
    page.locator("#sql").fill(sql)
    page.locator("#run").click()
    page.locator("#run:enabled").wait_for()
    with page.expect_download() as download:
        page.locator("#file").click()
    return list(csv.reader(io.StringIO(download.value.path().read_bytes().decode())))


def test_each_example_has_the_answer_that_the_release_has_outside_of_the_browser(asking, site, screenshots):
    compared = 0
    with duckdb.connect(str(site.folder.parent / "warehouse.duckdb"), read_only=True) as connection:
        for example in explore.example_questions():
            try:
                expected = connection.execute(example["sql"].replace("'release'", "'warehouse'"))
            except duckdb.CatalogException:
                continue  # an invented release has no views of themes
            head, *rows = answer_to(asking, example["sql"])
            assert head == [column[0] for column in expected.description], example["title"]
            assert len(rows) == len(expected.fetchall()), example["title"]
            compared += 1
    assert compared > 5
    picture(asking, screenshots, "explore")
    assert not barriers(asking)


def test_the_page_says_that_a_release_has_synthetic_figures(asking, site):
    facts = json.loads((site.folder.parent / "release.json").read_text(encoding="utf-8"))
    assert asking.locator("#synthetic").is_visible() == (facts["is_synthetic_share"] > 0)


def test_a_wrong_question_gets_an_answer_in_words_and_the_next_one_is_answered(asking):
    asking.locator("#sql").fill("select * from nothing_like_this -- a remark")
    asking.locator("#run").click()
    asking.locator("#run:enabled").wait_for()
    assert "nothing_like_this does not exist" in asking.locator("#said").inner_text()
    assert answer_to(asking, "select 'a,\"b' as x, 2 as y;") == [["x", "y"], ['a,"b', "2"]]
    assert asking.locator("#answer td").all_inner_texts() == ['a,"b', "2"]


def test_no_text_of_the_file_is_a_formula_and_the_page_shows_it_as_it_is(asking):
    rests = [f'1+1, "{number}"' for number in range(len(FORMULA_STARTS))]
    values = [f"(chr({ord(start)}) || '{rest}', -0.5)" for start, rest in zip(FORMULA_STARTS, rests, strict=True)]
    [_, *rows] = answer_to(asking, f"select * from (values {', '.join(values)}) as given(said, number)")
    assert rows == [[f"'{start}{rest}", "-0.5"] for start, rest in zip(FORMULA_STARTS, rests, strict=True)]
    assert asking.locator("#answer td").first.inner_text() == f"{FORMULA_STARTS[0]}{rests[0]}"
