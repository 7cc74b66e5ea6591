"""Contact sheets, for who revises figures: all of them on one picture, as a page and a phone show them."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from helpers.files import BookError
from helpers.make.browser import launch
from helpers.make.build import BUILD

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = BUILD / "sheet"
#: By the width of a screen the drawing that it shows, and how many of these stand side by side.
_SHEETS = {1280: ("wide", 4), 360: ("narrow", 8)}
_PAGE = """<!DOCTYPE html>
<html lang="en" data-theme="{theme}">
<meta charset="utf-8">
<link rel="stylesheet" href="{static}/colours.css"><link rel="stylesheet" href="{static}/book.css">
<style>
body {{ width: max-content; margin: 0; padding: 24px; background: var(--rb-paper); color: var(--rb-ink); }}
main {{ display: grid; grid-template-columns: repeat({columns}, var(--rb-{variant})); gap: 40px 32px; }}
figure.chart.chart {{ margin: 0; }}
.chart-picture > div {{ content-visibility: visible !important; }}
small {{ color: var(--rb-muted); font-weight: 400; }}
</style>
<body><main>{figures}</main></body>
</html>
"""


def make() -> list[Path]:
    """Draw the sheets from the built site, light and dark, and return them.

    Raises
    ------
    BookError
        If the site has no figures, or there is no Chromium.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright)
        made = draw(browser)
        browser.close()
    return made


def draw(browser: "Browser") -> list[Path]:
    """Draw the sheets in a browser; raise as `make` does."""
    site = (BUILD / "html").resolve()
    static, figures = (site / "_static").as_uri(), "".join(_figures(site))
    if not figures:
        raise BookError(f"{site}: expected figures, found none; run `make book` first")
    FOLDER.mkdir(parents=True, exist_ok=True)
    made, page, tab = [], FOLDER / "sheet.html", browser.new_page(java_script_enabled=False)
    for screen, (variant, columns) in _SHEETS.items():
        for theme in ("light", "dark"):
            given = {"theme": theme, "static": static, "columns": columns, "variant": variant}
            page.write_text(_PAGE.format(figures=figures, **given), encoding="utf-8")
            tab.goto(page.resolve().as_uri())
            made.append(FOLDER / f"{screen}-{theme}.png")
            tab.screenshot(path=made[-1], full_page=True)
    tab.close()
    page.unlink()
    return made


def _figures(site: Path) -> Iterator[str]:
    """Yield each figure with its finding and its name, page by page."""
    pages = [
        BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in sorted((site / "_figures").glob("*.html"))
    ]
    for page in sorted(pages, key=lambda page: str(page.select("main > p a")[0]["href"]).partition("#")[0]):
        figure = page.select("figure")[0]
        title, drawings = figure.select("h1")[0].get_text(), figure.select(".chart-picture")[0]
        heading = f'<p class="chart-title">{escape(title)} <small>{figure["id"]}</small></p>'
        yield f'<figure class="chart">{heading}{drawings}</figure>'
