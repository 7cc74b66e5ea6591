"""The texts of drawings lie beside each other and inside their drawing, on a page and on a phone."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from conftest import needs_chromium

MEASURE = Path(__file__).with_name("labels.js").read_text(encoding="utf-8")
#: Two words apart, two upon each other, a word on its halo, one that leaves, two lines of which one is met.
DRAWN = """<body><div class="chart-picture"><svg width="300" height="140" font-size="13">
<text x="10" y="20">apart</text><text x="60" y="20">from it</text>
<text x="10" y="50">below</text><text x="20" y="52">above</text>
<text x="150" y="50" stroke="white">halo</text><text x="150" y="50">halo</text>
<text x="280" y="80">leaving</text>
<text x="10" y="100"><tspan>first</tspan><tspan x="10" dy="15">second</tspan></text>
<text x="40" y="116">met</text>
<text transform="translate(150,130) rotate(-90)">turned</text>
<text transform="translate(164,130) rotate(-90)">beside</text>
</svg></div></body>"""


@needs_chromium
def test_texts_are_measured_line_by_line_as_they_are_drawn(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(DRAWN)
    measured = page.evaluate(MEASURE)
    assert measured["counted"] == 12
    assert measured["said"] == [
        "“below” lies on “above”",
        "“leaving” leaves the drawing",
        "“second” lies on “met”",
    ]
    page.close()


@needs_chromium
def test_no_text_of_a_drawing_lies_on_another(drawn: Iterator[tuple[str, Page]]) -> None:
    said, counted = [], 0
    for name, page in drawn:
        measured = page.evaluate(MEASURE)
        counted += measured["counted"]
        said += [f"{name}: {fault}" for fault in measured["said"]]
    assert counted > 2000
    assert said == []
