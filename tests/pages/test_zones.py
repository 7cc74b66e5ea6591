"""A figure's dates are the same wherever its reader sits: live, its labels are those of its picture."""

import base64
import json
import re
from html import unescape
from typing import Any

import altair as alt
import pandas as pd
import pytest
from playwright.sync_api import Browser

from conftest import ROOT, needs_chromium
from helpers.chapter import output, vegalite
from helpers.run import notebooks

pytestmark = needs_chromium

ZONES = ["Asia/Tokyo", "Europe/Berlin", "Pacific/Honolulu", "Pacific/Auckland"]


def with_dates() -> list[dict[str, Any]]:
    """Return the figures of the book that draw dates, and one that tries all ways to write a day."""
    stored = (spec for path in notebooks.find(ROOT / "book") for spec in output.stored(path, output.FIGURE))
    found = [
        spec for spec in stored if re.search(r'"(temporal|timeUnit)"', json.dumps({**spec, "datasets": {}}))
    ]
    days = pd.DataFrame({"day": ["1949-12-31", "1990-07-01", "2024-04-10T00:00:00Z"], "n": [1, 2, 3]})
    scale = alt.Scale(domain=["1949-01-01", "2026-01-01"])
    written = (
        alt.Chart(days)
        .mark_text()
        .encode(
            x=alt.X(
                "day:T", scale=scale, axis=alt.Axis(values=["1960-01-01", "2020-01-01"], format="%d %b %Y")
            ),
            y="n:O",
            text=alt.Text("day:T", format="%Y-%m-%d"),
        )
    )
    return [vegalite.canonical(written.to_dict()), *found]


def drawn(spec: dict[str, Any]) -> list[str]:
    """Return the words of a static drawing."""
    texts = re.findall(r"<text[^>]*>(.*?)</text>", vegalite.svg(spec), re.DOTALL)
    words = (unescape(re.sub(r"<[^>]*>", "", text)) for text in texts)
    return sorted(filter(None, words))


@pytest.fixture(scope="module")
def figures() -> list[tuple[dict[str, Any], list[str]]]:
    """Each figure as a wide page has it, and the words of its static drawing."""
    views = [vegalite.fitted(vegalite.inside(spec), "wide") for spec in with_dates()]
    return [(view, drawn(view)) for view in views]


@pytest.mark.parametrize("zone", ZONES)
def test_labels_are_those_of_the_static_drawing(
    zone: str, browser: Browser, figures: list[tuple[dict[str, Any], list[str]]]
) -> None:
    context = browser.new_context(timezone_id=zone, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faces = "".join(
        f"@font-face{{font-family:'Source Sans Pro';font-weight:{weight};src:url(data:font/ttf;base64,"
        f"{base64.b64encode((vegalite.FONTS / f'SourceSansPro-{name}.ttf').read_bytes()).decode()})}}"
        for name, weight in (("Regular", "400"), ("Semibold", "600"))
    )
    page.set_content(f"<style>{faces}</style><div id=chart></div>")
    page.evaluate("Promise.all(['400', '600'].map(w => document.fonts.load(`${w} 13px 'Source Sans Pro'`)))")
    page.add_script_tag(content=vegalite.script())
    assert len(figures) > 10
    wrong = []
    for spec, static in figures:
        live = page.evaluate(
            """async spec => {
              await vegaEmbed("#chart", spec, {renderer: "svg", actions: false});
              return [...document.querySelectorAll("#chart svg text")].map(text => text.textContent);
            }""",
            spec,
        )
        if sorted(filter(None, live)) != static:
            wrong.append(
                (
                    sorted({*filter(None, live)} ^ {*static}),
                    json.dumps(spec["encoding" if "encoding" in spec else "layer"])[:80],
                )
            )
    context.close()
    assert wrong == []
