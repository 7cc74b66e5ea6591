"""Letters stand at the points that they are asked for, and look as they are told."""

import altair as alt

from helpers import label


def test_a_label_stands_where_the_condition_holds() -> None:
    points = alt.Chart(alt.Data(values=[{"year": 2024, "days": 42}])).encode(x="year:O", y="days:Q")
    spec = label(points, "datum.year == 2024", "days:Q", dy=-8).to_dict()
    assert spec["transform"] == [{"filter": "datum.year == 2024"}]
    assert spec["mark"] == {"type": "text", "dy": -8}
    assert spec["encoding"]["text"] == {"field": "days", "type": "quantitative"}
    assert spec["encoding"]["x"]["field"] == "year", "the place is the points' own"
