"""A chart that names what its data do not have, or whose drawing says nothing, is refused."""

import os
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest

from conftest import ROOT
from helpers.chapter import columns, drawing, output, vegalite
from helpers.chapter.figure import figure

TEXTS = {
    "title": "Riders on the bridge",
    "caption": "Riders a day, as they were counted.",
    "alt": "Riders a day, counted at the bridge in each of three years, which rise from year to year.",
    "sources": ["wh-joint-statement-2024"],
}
ROWS = pd.DataFrame(
    {
        "year": [2020, 2021, 2022],
        "riders": [10, 20, 30],
        "who": ["a", "b", "a"],
        "day": pd.to_datetime(["2020-01-01", "2021-01-01", "2022-01-01"]),
    }
)
LONG = "a label that goes on and on without end " * 3
BARS = alt.Chart(ROWS).mark_bar().encode(x="year:O", y="riders:Q")
WITH_MAP = alt.Chart(alt.Data(values=[{"type": "Feature", "geometry": None, "properties": {"km": 3}}]))


def show(monkeypatch: pytest.MonkeyPatch, chart: Any, **texts: Any) -> dict[str, Any]:
    """Return the specification of a figure that is shown."""
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(output, "show", lambda bundle, width=None: shown.append(bundle))
    figure(chart, "fig-x", **{**TEXTS, **texts})
    spec: dict[str, Any] = shown[0][output.FIGURE]
    return spec


def test_a_misspelt_column_is_named_with_its_neighbour(monkeypatch: pytest.MonkeyPatch) -> None:
    message = "fig-x: expected a column in y, found 'rider', which no row has; near it: riders"
    with pytest.raises(ValueError, match=f"^{message}$"):
        show(monkeypatch, BARS.encode(y="rider:Q"))


WRONG = {
    "x": BARS.encode(x="yaer:O"),
    "a tooltip": BARS.encode(tooltip=["riders:Q", "whoo:N"]),
    "a title of a tooltip": BARS.encode(tooltip=[alt.Tooltip("whoo:N", title="Who")]),
    "a sort": BARS.encode(x=alt.X("year:O", sort=alt.EncodingSortField("rider"))),
    "a condition": BARS.encode(color=alt.condition("datum.rider > 10", alt.value("red"), alt.value("blue"))),
    "a predicate": BARS.encode(
        color=alt.condition(alt.FieldEqualPredicate("x", field="whoo"), alt.value("red"), alt.value("blue"))
    ),
    "a conditional field": BARS.encode(color=alt.condition("datum.riders > 10", "whoo:N", alt.value("blue"))),
    "a layer's": alt.layer(BARS, BARS.mark_text().encode(text="rider:Q")),
    "a shared channel": alt.layer(BARS.mark_bar(), BARS.mark_line()).encode(color="whoo:N"),
    "a row of facets": BARS.facet(row="whoo:N"),
    "a facet channel": BARS.encode(facet=alt.Facet("whoo:N", columns=1)),
    "a panel's": alt.vconcat(BARS, BARS.encode(y="rider:Q")),
    "a filter": BARS.transform_filter("datum.rider > 10"),
    "a filter by field": BARS.transform_filter(alt.FieldEqualPredicate(1, field="rider")),
    "a filter of several": BARS.transform_filter({"and": ["datum.year > 1", {"field": "rider", "gt": 3}]}),
    "a calculation": BARS.transform_calculate(z="datum['rider'] * 2"),
    "a group": BARS.transform_aggregate(riders="sum(riders)", groupby=["year", "whoo"]),
    "what a sum leaves": BARS.encode(color="who:N").transform_aggregate(
        riders="sum(riders)", groupby=["year"]
    ),
    "a window": BARS.transform_window(n="sum(rider)", sort=[{"field": "year"}]),
    "a window's order": BARS.transform_window(n="sum(riders)", sort=[{"field": "yaer"}]),
    "what a fold folds": BARS.transform_fold(["riders", "rider"]),
    "what a fold makes": BARS.transform_fold(["riders"], as_=["a", "b"]).encode(y="value:Q"),
    "a lookup's key": BARS.transform_lookup("yaer", alt.LookupData(ROWS, "year", ["who"])),
    "a lookup's other key": BARS.transform_lookup("year", alt.LookupData(ROWS, "yaer", ["who"])),
    "a lookup's field": BARS.transform_lookup("year", alt.LookupData(ROWS, "year", ["whoo"])),
    "a selection": BARS.add_params(alt.selection_point(fields=["whoo"])),
    "a detail": BARS.encode(detail="whoo:N"),
    "an order": BARS.encode(order=alt.Order("rider:Q")),
    "a property of a map": WITH_MAP.mark_geoshape().encode(color="properties.kn:Q"),
    "an axis's label": BARS.encode(x=alt.X("year:O", axis=alt.Axis(labelExpr="datum.riders + datum.label"))),
    "a key's label": BARS.encode(color=alt.Color("who:N", legend=alt.Legend(labelExpr="datum.who"))),
    "a facet's label": BARS.facet(row=alt.Row("who:N", header=alt.Header(labelExpr="datum.who"))),
    "a look of an axis": BARS.encode(
        x=alt.X(
            "year:O",
            axis=alt.Axis(labelColor=alt.condition("datum.riders > 3", alt.value("red"), alt.value("blue"))),
        )
    ),
    "a mark's own": BARS.mark_bar(opacity=alt.expr("datum.rider > 2 ? 1 : 0.5")),
    "a value's own": BARS.encode(opacity=alt.value(alt.expr("datum.rider > 2 ? 1 : 0.5"))),
    "a name with blanks about it": BARS.transform_calculate(z="datum [ 'rider' ] * 2 + datum .rider"),
    "what a sum in a channel leaves": BARS.encode(
        x="who:N",
        y="sum(riders):Q",
        color=alt.condition("datum.riders > 10", alt.value("red"), alt.value("blue")),
    ),
    "a column of no row": BARS.properties(data=ROWS.assign(rider=None)[["year"]]),
}


@pytest.mark.parametrize("chart", WRONG.values(), ids=WRONG)
def test_a_column_that_no_row_has_is_refused_wherever_it_is_named(chart: Any) -> None:
    with pytest.raises(ValueError, match=r"^fig-x: expected a column in .*, which no row has; near it: "):
        columns.check("fig-x", chart.to_dict())


RIGHT = {
    "plain": BARS,
    "a count": BARS.encode(y="count()"),
    "a sum": BARS.encode(y="sum(riders):Q", x=alt.X("who:N", sort="-y")),
    "what a calculation makes": BARS.transform_calculate(z="datum.riders * 2").encode(y="z:Q"),
    "what a fold makes": BARS.transform_fold(["riders", "year"]).encode(y="value:Q", color="key:N"),
    "what a sum leaves": BARS.transform_aggregate(total="sum(riders)", groupby=["year"]).encode(y="total:Q"),
    "what a pivot makes": BARS.transform_pivot("who", "riders", groupby=["year"]).encode(y="a:Q"),
    "what a stack makes": BARS.transform_stack(stack="riders", groupby=["year"], as_="lo").encode(
        y="lo:Q", y2="lo_end:Q"
    ),
    "what a window makes": BARS.transform_window(n="row_number()").encode(y="n:Q"),
    "what a lookup brings": BARS.transform_lookup(
        "year", alt.LookupData(ROWS.rename(columns={"who": "name"}), "year", ["name"])
    ).encode(color="name:N"),
    "a layer with data of its own": alt.layer(
        BARS, alt.Chart(pd.DataFrame({"at": [15]})).mark_rule().encode(y="at:Q")
    ),
    "a repeat": BARS.encode(y=alt.Y(alt.repeat(), type="quantitative")).repeat(["riders", "year"], columns=1),
    "a name with a dot, escaped": BARS.properties(data=ROWS.rename(columns={"riders": "a.b"})).encode(
        y=r"a\.b:Q"
    ),
    "a property of a map": WITH_MAP.mark_geoshape().encode(color="properties.km:Q"),
    "an axis's own datum": BARS.encode(x=alt.X("year:O", axis=alt.Axis(labelExpr="datum.value"))),
    "what a sum in a channel makes": BARS.encode(
        x="who:N",
        y="sum(riders):Q",
        color=alt.condition("datum.sum_riders > 10", alt.value("red"), alt.value("blue")),
    ),
    "a mark's own": BARS.mark_bar(opacity=alt.expr("datum.riders > 2 ? 1 : 0.5")),
    "a row of numbers": alt.Chart(alt.sequence(0, 3, as_="n")).mark_point().encode(x="n:Q"),
}


@pytest.mark.parametrize("chart", RIGHT.values(), ids=RIGHT)
def test_what_the_data_have_or_a_transform_makes_is_drawn(chart: Any) -> None:
    columns.check("fig-x", chart.to_dict())


@pytest.mark.parametrize("column", ["a.b", "x [km]", "share.of.all"])
def test_a_column_with_a_dot_or_bracket_is_refused_with_what_to_do(column: str) -> None:
    chart = BARS.properties(data=ROWS.rename(columns={"riders": column})).encode(
        y=alt.Y(column, type="quantitative")
    )
    with pytest.raises(ValueError, match="name it without dots and brackets"):
        columns.check("fig-x", chart.to_dict())


MONTHS = pd.period_range("2024-01", periods=len(ROWS), freq="M")
EMPTY = {
    "no rows": (BARS.properties(data=ROWS.iloc[:0]), "found|no row has"),
    "a filter that leaves none": (BARS.transform_filter("datum.year > 3000"), "a drawing without any"),
    "a layer that draws nothing": (
        BARS + BARS.mark_rule().transform_filter("datum.who == 'c'"),
        "found none in layer_1",
    ),
    "missing values alone": (BARS.properties(data=ROWS.assign(riders=np.nan)), "without any|no row has"),
    "an infinite value": (BARS.properties(data=ROWS.assign(riders=[1, 2, np.inf])), "an infinite one"),
    "one in a layer": (BARS + BARS.properties(data=ROWS.assign(riders=-np.inf)), "an infinite one"),
    "a month that is a period": (BARS.properties(data=ROWS.assign(m=MONTHS)), "in 'm', found Period"),
    "a day of Python": (
        BARS.properties(data=ROWS.assign(m=date(2024, 4, 10))),
        "in 'm', found date; pd.to_dat",
    ),
    "a span of time": (BARS.properties(data=ROWS.assign(m=pd.Timedelta(days=1))), "in 'm', found Timedelta"),
    "an interval": (BARS.properties(data=ROWS.assign(m=pd.cut(ROWS.year, 2))), "in 'm', found Interval"),
    "a decimal": (BARS.properties(data=ROWS.assign(m=Decimal("1.5"))), "in 'm', found Decimal"),
    "a set": (BARS.properties(data=ROWS.assign(m=[{1}] * len(ROWS))), "in 'm', found set"),
    "a column twice": (BARS.properties(data=pd.concat([ROWS, ROWS], axis=1)), "found 'year' again"),
    "a head of two rows": (
        BARS.properties(data=pd.concat({"a": ROWS}, axis=1)),
        r"found \('a', 'year'\); join the two",
    ),
    "a column without a name": (BARS.properties(data=ROWS.assign(**{"": 1})), "found a column without one"),
    "a column called by blanks": (
        BARS.properties(data=ROWS.assign(**{" ": 1})),
        "found a column without one",
    ),
    "a gap made text": (BARS.properties(data=ROWS.assign(who=["a", "nan", "b"])), "in 'who', found 'nan'"),
    "a number too large": (BARS.properties(data=ROWS.assign(riders=2**60)), "in 'riders', found 11529215046"),
    "keys and values": (
        BARS.properties(data=ROWS.assign(who=[{"a": 1}] * 3)).encode(x="who:N"),
        "object Object",
    ),
    "a line through one point": (BARS.mark_line().properties(data=ROWS.iloc[:1]), "a drawing without any"),
    "an area through one point": (BARS.mark_area().properties(data=ROWS.iloc[:1]), "a drawing without any"),
    "texts without letters": (BARS + BARS.mark_text(), "found none in layer_1"),
    "no height": (BARS.properties(height=0), "a height of at least 20, found 0"),
    "no end": (BARS.properties(height=20_000), "at most 3,000 pixels high"),
    "no chart": (ROWS, "a chart of Altair, found DataFrame"),
    "nothing": (None, "a chart of Altair, found NoneType"),
    "a type that is none": (BARS.encode(y="riders:b"), '"b" is not one of the valid'),
    "a formula that is none": (BARS.transform_calculate(q="datum.riders +"), "can be drawn: Unexpected end"),
    "a choice that is none": (BARS.transform_filter("chosen"), 'drawn: Unrecognized signal name: "chosen"'),
    "a title of its own": (BARS.properties(title="Riders"), "found another in the chart"),
    "a label of nothing": (
        BARS.mark_text().transform_calculate(t="datum.who + datum.riders[3]").encode(text="t:N"),
        "undefined",
    ),
    "a label that is no number": (
        BARS.mark_text().transform_calculate(t="'n: ' + (0 / 0)").encode(text="t:N"),
        "NaN",
    ),
    "a date that is none": (
        BARS.mark_text().transform_calculate(t="timeFormat(toDate('soon'), '%Y')").encode(text="t:N"),
        "NaN",
    ),
    "too many rows": (
        BARS.properties(data=pd.DataFrame({"year": range(20_000), "riders": 1})),
        "at most 5,000",
    ),
    "too many marks": (
        alt.layer(
            *(BARS.properties(data=pd.DataFrame({"year": range(2_000), "riders": k})) for k in (1, 2, 3))
        ),
        "at most 5,000 marks",
    ),
    "labels wider than a phone": (
        BARS.properties(data=ROWS.assign(who=LONG)).encode(
            y=alt.Y("who:N", axis=alt.Axis(labelLimit=0)), x="riders:Q"
        ),
        "on a (wide|narrow) page",
    ),
    "a label cut short": (
        BARS.properties(data=ROWS.assign(who=LONG)).encode(y="who:N"),
        "labels in full",
    ),
    "a text that is clipped": (BARS.mark_text(clip=True).encode(text="who:N"), "clip=True"),
    "no room for the labels": (BARS.properties(autosize="none"), "no autosize"),
    "a picture from elsewhere": (
        alt.Chart(ROWS.assign(u="https://example.org/a.png")).mark_image().encode(x="riders:Q", url="u:N"),
        "which no page fetches",
    ),
    "rows from elsewhere": (
        alt.Chart("https://example.org/a.csv").mark_bar().encode(x="year:O"),
        "which no page fetches",
    ),
}


@pytest.mark.parametrize(("chart", "message"), EMPTY.values(), ids=EMPTY)
def test_a_drawing_that_says_nothing_or_not_all_is_refused(
    monkeypatch: pytest.MonkeyPatch, chart: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message) as refusal:
        show(monkeypatch, chart)
    assert str(refusal.value).startswith("fig-x: ")
    assert len(str(refusal.value).splitlines()) == 1


def test_words_that_look_like_nothing_are_drawn_where_the_data_have_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert show(monkeypatch, BARS.properties(data=ROWS.assign(who="null and NaN")).encode(x="who:N"))


def test_what_a_reader_chooses_may_draw_nothing_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    choice = alt.selection_point(fields=["who"], empty=False)
    assert show(monkeypatch, BARS.add_params(choice) + BARS.mark_rule().transform_filter(choice))


def test_a_box_may_have_no_outliers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert show(monkeypatch, alt.Chart(ROWS).mark_boxplot().encode(y="riders:Q"))


FIELDS = {
    "riders": {"name": "riders", "title": "Days with riders in the month", "unit": "days"},
    "yen": {"name": "yen", "title": "Amount", "unit": "billion yen"},
}


@pytest.mark.parametrize("unit", [None, "days", "days a month", "Days a year"])
def test_a_unit_in_the_words_of_the_data_passes(unit: str | None) -> None:
    drawing.check_unit("fig-x", BARS.to_dict(), unit, FIELDS, "")


@pytest.mark.parametrize("unit", ["vessels", "vessels a month", "per cent", "billion dollars"])
def test_a_unit_of_something_else_is_refused(unit: str) -> None:
    with pytest.raises(ValueError, match=r"words of the data, 'days' of riders; found"):
        drawing.check_unit("fig-x", BARS.to_dict(), unit, FIELDS, "")


def test_what_a_cell_has_worked_out_has_a_unit_of_which_the_figure_speaks() -> None:
    drawing.check_unit("fig-x", BARS.to_dict(), "share of lanes", {"yen": FIELDS["yen"]}, "Three lanes")
    with pytest.raises(ValueError, match="a unit of which the figure speaks, found 'vessels'"):
        drawing.check_unit("fig-x", BARS.to_dict(), "vessels", {}, "Riders on three lanes")


def test_a_day_is_the_same_wherever_it_is_read() -> None:
    chart = (
        alt.Chart(ROWS.assign(day=["2020-01-01", "2021-01-01T00:00:00Z", "2022-01-01T00:00:00+09:00"]))
        .mark_point()
        .encode(
            x=alt.X(
                "day:T",
                scale=alt.Scale(domain=["2019-12-31", "2022-12-31"]),
                axis=alt.Axis(values=["2020-01-01"]),
            ),
            y="who:N",
        )
    )
    spec = vegalite.canonical(chart.to_dict())
    (rows,) = spec["datasets"].values()
    assert [row["day"] for row in rows] == [f"{year}-01-01T00:00:00" for year in (2020, 2021, 2022)]
    assert spec["encoding"]["x"]["scale"]["domain"] == ["2019-12-31T00:00:00", "2022-12-31T00:00:00"]
    assert spec["encoding"]["x"]["axis"]["values"] == ["2020-01-01T00:00:00"]


def test_a_day_that_is_a_name_stays_one() -> None:
    named = alt.Chart(pd.DataFrame({"day": ["2020-01-01"], "n": [1]})).mark_bar().encode(x="day:N", y="n:Q")
    (rows,) = vegalite.canonical(named.to_dict())["datasets"].values()
    assert rows == [{"day": "2020-01-01", "n": 1}]


DRAW = """
import altair as alt, pandas as pd
from helpers.chapter import vegalite
days = pd.DataFrame({"day": pd.to_datetime(["1950-04-01", "2020-01-01"]), "n": [1, 2]})
x = alt.X("day:T", scale=alt.Scale(domain=["1950-01-01", "2021-01-01"]))
chart = alt.Chart(days).mark_point().encode(x=x, y="n:Q", text="yearmonthdate(day):T")
print(vegalite.svg(vegalite.fitted(vegalite.canonical(chart.to_dict()), "wide")))
"""


def test_a_drawing_is_the_same_in_every_zone() -> None:
    drawn = set()
    for zone in ("UTC", "Asia/Tokyo", "Pacific/Honolulu"):
        environment = {**os.environ, "TZ": zone, "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(
            [sys.executable, "-c", DRAW],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
        drawn.add(done.stdout)
    assert len(drawn) == 1
    assert "1950" in re.sub(r'aria-\w+="[^"]*"', "", drawn.pop()), "the first year has its label"


def test_no_figure_of_the_book_needs_another_rule() -> None:
    """Stored figures were all held to these rules when they were run; here a few are drawn again."""
    for path in sorted(Path(ROOT / "book").rglob("0[48]-*.ipynb")):
        for spec in output.stored(path, output.FIGURE):
            columns.check(spec["usermeta"]["name"], spec)
