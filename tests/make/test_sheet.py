"""The contact sheets have every figure, on a screen's drawing and a phone's, in light and dark."""

import shutil
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from conftest import ROOT, needs_chromium
from helpers.chapter import theme
from helpers.files import BookError
from helpers.make import sheet

#: So many that a window does not hold them.
FIGURES = 60


def figure(name: str, wide: str, narrow: str) -> str:
    """Return a page with one figure, whose drawings are squares of these colours."""
    square = '<svg width="{}" height="100"><rect width="{}" height="100" fill="{}"/></svg>'
    drawings = "".join(
        f'<div class="{variant}">{square.format(width, width, colour)}</div>'
        for (variant, width), colour in zip(theme.WIDTHS.items(), (wide, narrow), strict=True)
    )
    return (
        f'<main><figure class="chart" id="{name}"><h1 class="chart-title">It rose</h1>'
        f'<div class="chart-picture">{drawings}</div></figure><p><a href="../a.html#{name}">A</a></p></main>'
    )


@needs_chromium
def test_each_sheet_has_each_figure_as_its_screen_shows_it(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    site = tmp_path / "_build" / "html"
    (site / "_static").mkdir(parents=True)
    (site / "_figures").mkdir()
    (site / "_static" / "colours.css").write_text(theme.css())
    shutil.copy(ROOT / "src" / "helpers" / "pages" / "static" / "book.css", site / "_static")
    for number in range(FIGURES):
        page = figure(f"fig-{number}", "#ff0000", "#0000ff")
        (site / "_figures" / f"fig-{number}.html").write_text(page)
    made = sheet.draw(browser)
    assert [path.name for path in made] == [
        "1280-light.png",
        "1280-dark.png",
        "360-light.png",
        "360-dark.png",
    ]
    for path in made:
        picture = Image.open(path).convert("RGB")
        counts = {colour: count for count, colour in picture.getcolors(1 << 24) or []}
        wide, narrow = counts.get((255, 0, 0), 0), counts.get((0, 0, 255), 0)
        area = FIGURES * 100 * theme.WIDTHS["wide" if "1280" in path.name else "narrow"]
        assert (wide, narrow) == ((area, 0) if "1280" in path.name else (0, area))
        assert (sum(picture.getpixel((2, 2))) > 600) == ("light" in path.name)  # type: ignore[arg-type]


@needs_chromium
def test_a_site_without_figures_is_said(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BookError, match="expected figures, found none"):
        sheet.draw(browser)
