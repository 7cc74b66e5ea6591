"""The texts of drawings stand out from what they are drawn on, pair by pair, in both themes."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from conftest import needs_chromium

MEASURE = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
#: A light blue word on white, and the same on a dark tile.
DRAWN = """<body style="background: white"><div class="chart-picture"><svg width="300" height="100">
<g><text x="10" y="20" fill="#2f7fc1">pale</text><path d="M0,40h300v60h-300Z" fill="#0b1a2b"></path>
<text x="10" y="80" fill="#2f7fc1" opacity="0.999">dark <tspan>tile</tspan></text>
<text x="150" y="80" fill="#ffffff">clear</text></g></svg></div></body>"""


@needs_chromium
def test_a_pair_is_measured_as_it_is_drawn(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(DRAWN)
    measured = page.evaluate(MEASURE)
    assert measured["counted"] == 3
    assert [(text, round(ratio, 1)) for text, ratio in measured["low"]] == [("pale", 4.3), ("dark tile", 4.1)]
    page.close()


@needs_chromium
def test_every_text_of_a_drawing_stands_out_from_its_ground(drawn: Iterator[tuple[str, Page]]) -> None:
    low, counted = [], 0
    for name, page in drawn:
        for theme in ("light", "dark"):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
            measured = page.evaluate(MEASURE)
            counted += measured["counted"]
            low += [f"{name}, {theme}: “{text}” {ratio:.2f}" for text, ratio in measured["low"]]
    assert counted > 1000
    assert low == []
