"""Bringing a file of observations in a browser: from the template to what its rows came to."""

import io
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.e2e.browser import PHONE
from tests.e2e.visiting import OpenPage, is_too_wide, press, sign_in, words
from tests.scene import Scene
from tests.scene_imports import post_imports
from tests.workbooks import saved

pytestmark = pytest.mark.xdist_group("browser")  # one browser, and the scene told once


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_template_to_the_chronology(
    open_page: OpenPage, own_site: str, own_scene: Scene, tmp_path: Path, scripts: bool
) -> None:
    """The template is fetched, filled in and brought; its row is looked at, posted, and stands in the record once."""
    page = open_page(size=PHONE, scripts=scripts)
    sign_in(page, own_site, own_scene, "n1")
    page.goto(f"{own_site}/imports")
    template = page.context.request.get(f"{own_site}{page.locator('main a').first.get_attribute('href')}")
    for count in (1, 2):
        page.set_input_files("#file", filled(template.body(), tmp_path))
        press(page, ".ledger-import .govuk-button")
        assert "What the rows would become" in words(page)
        assert "Round bruise" in words(page)
        assert is_too_wide(page) is None
        press(page, "button[value=post]")
        assert "0 of 1 row done" in words(page)
        assert post_imports(own_scene) == 1
        if scripts:  # it looks by itself
            expect(page.locator("h1")).to_have_text("Posted")
        else:
            press(page, "#ledger-import-progress a")
        assert ("1 row posted" if count == 1 else "0 rows posted, 1 there already") in words(page)
        page.goto(f"{own_site}/imports")
    sign_in(page, own_site, own_scene, "sw1")
    page.goto(f"{own_site}/children/{own_scene.places['sister']}/chronology")
    assert words(page).count("Round bruise on the shin.") == 1


def filled(template: bytes, folder: Path) -> Path:
    """The template with a row of its own in place of the example."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    row = {"nhs_number": "999 000 0042", "observed": "10/04/2026", "statement": "fact"}
    row |= {"narrative": "Round bruise on the shin.", "depth": "seen"}
    for place, name in enumerate(names, 1):
        sheet.cell(2, place).value = row.get(str(name))
    file = folder / "rows.xlsx"
    file.write_bytes(saved(book))
    return file
