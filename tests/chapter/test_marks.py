"""What several chapters draw: letters at points or at a place, an accent on grey."""

import altair as alt

from helpers import label, remark, theme
from helpers.chapter import vegalite


def test_a_label_stands_where_the_condition_holds() -> None:
    points = alt.Chart(alt.Data(values=[{"year": 2024, "days": 42}])).encode(x="year:O", y="days:Q")
    spec = label(points, "datum.year == 2024", "days:Q", dy=-8).to_dict()
    assert spec["transform"] == [{"filter": "datum.year == 2024"}]
    assert spec["mark"] == {"type": "text", "dy": -8}
    assert spec["encoding"]["text"] == {"field": "days", "type": "quantitative"}
    assert spec["encoding"]["x"]["field"] == "year", "the place is the points' own"


def test_a_remark_stands_once_at_a_number_of_the_axis_or_at_pixels() -> None:
    spec = remark(["two", "lines"], 2.5, alt.value(288), align="left").to_dict()
    assert spec["data"] == {"sequence": {"start": 0, "stop": 1}}, "one row: one text"
    assert spec["mark"] == {"type": "text", "text": ["two", "lines"], "align": "left"}
    assert spec["encoding"] == {"x": {"datum": 2.5}, "y": {"value": 288}}


def test_the_accent_stands_where_the_condition_holds_and_grey_elsewhere() -> None:
    colour = alt.Chart().mark_bar().encode(color=theme.accented("datum.year == 2024"))["encoding"].to_dict()
    (lit,) = colour["color"]["condition"]
    assert lit == {"test": "datum.year == 2024", "value": theme.accent}
    assert colour["color"]["value"] == theme.context


def test_a_text_has_the_grey_that_can_be_read() -> None:
    bar = alt.Chart(alt.Data(values=[{"year": 2024}])).mark_bar()
    bar = bar.encode(x="year:O", color=theme.accented("datum.year == 2024"))
    drawn = vegalite.canonical((bar + bar.mark_text()).to_dict())
    assert [layer["encoding"]["color"]["value"] for layer in drawn["layer"]] == [theme.context, theme.muted]
