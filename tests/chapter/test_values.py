"""A type, a scale or an order that does not fit the values of a chart's data is refused."""

from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest

from conftest import ROOT
from helpers.chapter import output, values, vegalite

ROWS = pd.DataFrame(
    {
        "year": [2020, 2021, 2022],
        "riders": [10, 20, 30],
        "who": ["a", "b", "a"],
        "day": ["2020-01-01", "2021-01-01", "2022-01-01"],
    }
)
BARS = alt.Chart(ROWS).mark_bar().encode(x="year:O", y="riders:Q")
POINTS = BARS.mark_point()
DAYS = POINTS.encode(x="day:T")
LOG = alt.Scale(type="log")


def of(**columns: Any) -> alt.Chart:
    """Points of rows in which some columns are others."""
    return POINTS.properties(data=ROWS.assign(**columns))


def days(*found: Any) -> alt.Chart:
    return of(day=found).encode(x="day:T")


def many(number: int) -> alt.Chart:
    """Points of as many names."""
    return alt.Chart(pd.DataFrame({"who": [f"w{i}" for i in range(number)], "n": range(number)})).mark_point()


WRONG = {
    "a day that is none": (days("2020-01-01", "2024-13-45", None), r"in x \(day\), found '2024-13-45'; pd"),
    "a day that no month has": (days("2020-01-01", "2023-02-29", None), "found '2023-02-29'"),
    "a day as people write it": (days("2020-01-01", "1/5/2021", None), "found '1/5/2021'"),
    "a month": (days("2020-01", "2020-02", None), "found '2020-01'"),
    "an hour that is none": (days("2020-01-01T25:00:00", None, None), "found '2020-01-01T25:00:00'"),
    "a year along time": (POINTS.encode(x="year:T"), r"days such as .* x \(year\), found 2020"),
    "a day that is none, by its year": (
        days("2020-01-01", "2020-13-01", None).encode(x="year(day):O"),
        "found '2020-13-01'",
    ),
    "a day that is none, at an end": (of(end="2020-13-01").encode(x="day:T", x2="end"), r"x2 \(end\), found"),
    "a name, by its year in a transform": (
        POINTS.transform_timeunit(when="year(who)").encode(x="when:T"),
        r"in a transform \(who\), found 'a'",
    ),
    "a scale's day": (
        DAYS.encode(x=alt.X("day:T").scale(domain=["2020-01-01", "2024-13-45"])),
        "'2024-13-45'",
    ),
    "an axis's day": (DAYS.encode(x=alt.X("day:T").axis(values=["2024-13-45"])), "'2024-13-45'"),
    "a datum that is no day": (
        DAYS + alt.Chart().mark_rule().encode(x=alt.datum("2024-13-45", type="temporal")),
        "'2024-13-45'",
    ),
    "a number with a comma": (of(riders=["10", "20", "1,168"]), "numbers in .*, found '1,168'; pd.to_n"),
    "a mark for none": (of(riders=["10", "20", "n/a"]), "found 'n/a'"),
    "nought on a log scale": (
        of(riders=[0, 1, 2]).encode(y=alt.Y("riders:Q").scale(LOG)),
        "nought .*, found 0;",
    ),
    "less than nought": (of(riders=[-1, 1, 2]).encode(y=alt.Y("riders:Q").scale(LOG)), "found -1;"),
    "nought in another layer": (
        POINTS.encode(y=alt.Y("riders:Q").scale(LOG)) + of(riders=[0, 1, 2]),
        "on the log scale .*, found 0",
    ),
    "nought where a log scale begins": (
        POINTS.encode(y=alt.Y("riders:Q").scale(type="log", domain=[0, 100])),
        "on the log scale .*, found 0",
    ),
    "bars on a log scale": (BARS.encode(y=alt.Y("riders:Q").scale(LOG)), "found lengths, which it bends"),
    "bars without nought": (BARS.encode(y=alt.Y("riders:Q").scale(zero=False)), "that begin at nought"),
    "bars from elsewhere": (BARS.encode(y=alt.Y("riders:Q").scale(domain=[5, 40])), "that begin at nought"),
    "an area without nought": (
        BARS.mark_area().encode(
            x=alt.X("year:Q").axis(format="d"), y=alt.Y("riders:Q").scale(domain=[5, 40])
        ),
        "that begin at nought",
    ),
    "a scale that is a point": (POINTS.encode(y=alt.Y("riders:Q").scale(domain=[9, 9])), "found 9 to 9"),
    "a value off the scale": (
        POINTS.encode(y=alt.Y("riders:Q").scale(domain=[0, 15])),
        r"scale of y \(riders\), 0 to 15, found 20; widen",
    ),
    "a day off the scale": (
        DAYS.encode(x=alt.X("day:T").scale(domain=["2020-06-01", "2023-01-01"])),
        "found '2020-01-01'",
    ),
    "latitude for longitude": (
        of(lat=[135.0, 136, 137], lon=[35.0, 36, 37]).encode(latitude="lat:Q", longitude="lon:Q"),
        r"from -90 to 90 in latitude \(lat\), found 135",
    ),
    "a size below nought": (
        of(riders=[-1, 2, 3]).encode(size="riders:Q"),
        "not below nought in size .* found -1",
    ),
    "years with commas": (POINTS.encode(x="year:Q"), "which get a comma; write year:O"),
    "a format of days for numbers": (
        POINTS.encode(y=alt.Y("riders:Q").axis(format="%Y")),
        "such as ',.1f' .*'%Y'",
    ),
    "a format that is none": (POINTS.encode(tooltip=alt.Tooltip("riders:Q", format="abc")), "found 'abc'"),
    "a format of numbers for days": (
        DAYS.encode(x=alt.X("day:T").axis(format=",.1f")),
        "such as '%Y' .*',.1f'",
    ),
    "a misspelt order": (
        BARS.encode(x=alt.X("who:N").sort(["b", "A"])),
        "the sort of x .* no 'a'; no row has 'A'",
    ),
    "a scale without a name": (
        BARS.encode(color=alt.Color("who:N").scale(domain=["a"])),
        "domain of .* no 'b'",
    ),
    "an axis without a year": (BARS.encode(x=alt.X("year:O").scale(domain=[2020, 2021])), "found no '2022'"),
    "names that look alike": (of(who=["a", "a ", "b"]).encode(x="who:N"), "found 'a' and 'a '"),
    "months in the order of letters": (
        of(who=["Jan", "Feb", "Mar"]).encode(x="who:N"),
        "letters would order Jan, Feb, Mar",
    ),
    "more names than colours": (many(11).encode(color="who:N"), "each of 11 names in .*, found 10"),
    "more names than shapes": (many(9).encode(shape="who:N"), "each of 9 names in .*, found 8"),
    "a range that is too short": (
        BARS.encode(color=alt.Color("who:N").scale(range=["red"])),
        "2 names .* found 1",
    ),
}


@pytest.mark.parametrize(("chart", "message"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_the_values_is_refused_in_a_line(chart: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^fig-x: expected .*{message}") as refusal:
        values.check("fig-x", vegalite.canonical(chart.to_dict()))
    assert len(str(refusal.value).splitlines()) == 1


RIGHT = {
    "plain": BARS,
    "days": DAYS,
    "moments": days("2020-01-01T12:30:00", "2020-01-01T12:30:00+09:00", ""),
    "days of pandas": of(day=pd.to_datetime(ROWS.day)).encode(x="day:T"),
    "numbers as text": of(riders=["10", "-2.5", "1e3"]),
    "a gap": of(riders=[1, None, 2]),
    "names that are counted": POINTS.encode(y="distinct(who):Q"),
    "a log scale": POINTS.encode(y=alt.Y("riders:Q").scale(LOG)),
    "a log scale after a filter": of(riders=[0, 1, 2])
    .encode(y=alt.Y("riders:Q").scale(LOG))
    .transform_filter("datum.riders > 0"),
    "sums on a log scale": of(riders=[0, 1, 2]).encode(x="who:N", y=alt.Y("sum(riders):Q").scale(LOG)),
    "two scales of which one is a log scale": alt.layer(
        POINTS.encode(y=alt.Y("riders:Q").scale(LOG)), of(riders=[0, 1, 2])
    ).resolve_scale(y="independent"),
    "spans on a log scale": of(low=1).mark_bar().encode(y=alt.Y("riders:Q").scale(LOG), y2="low"),
    "bars along years": BARS.encode(x=alt.X("year:Q").scale(domain=[2019, 2023]).axis(format="d")),
    "bars that lie": BARS.encode(x="riders:Q", y="who:N"),
    "a corner enlarged": POINTS.mark_point(clip=True).encode(y=alt.Y("riders:Q").scale(domain=[0, 15])),
    "what is off the scale is filtered": POINTS.encode(
        y=alt.Y("riders:Q").scale(domain=[0, 15])
    ).transform_filter("datum.riders < 15"),
    "a scale upside down": POINTS.encode(y=alt.Y("riders:Q").scale(domain=[40, 0])),
    "a share a year": of(riders_a_year=[1, 2, 3]).encode(y="riders_a_year:Q"),
    "years on an axis that another layer describes": POINTS.encode(x="year:Q")
    + POINTS.encode(x=alt.X("year:Q").axis(format="d")),
    "an order with names to come": BARS.encode(x=alt.X("who:N").sort(["b", "a", "c"])),
    "an order of some": BARS.encode(x=alt.X("who:N").sort(["b"])),
    "a key with names to come": BARS.encode(color=alt.Color("who:N").scale(domain=["a", "b", "c"])),
    "years as text": BARS.encode(x=alt.X("year:O").scale(domain=["2020", "2021", "2022"])),
    "months in their order": of(who=["Jan", "Feb", "Mar"]).encode(
        x=alt.X("who:N").sort(["Jan", "Feb", "Mar"])
    ),
    "more names than colours in another scheme": many(11).encode(
        color=alt.Color("who:N").scale(scheme="tableau20")
    ),
    "what a transform makes anew": days("1/5/2021", None, None).transform_calculate(day="toDate(datum.day)"),
    "what a sum leaves": of(riders=["x", "y", "z"]).transform_aggregate(riders="count()", groupby=["year"]),
    "panels": alt.vconcat(POINTS.encode(y=alt.Y("riders:Q").scale(LOG)), of(riders=[0, 1, 2])),
}


@pytest.mark.parametrize("chart", RIGHT.values(), ids=RIGHT)
def test_what_fits_is_drawn(chart: Any) -> None:
    values.check("fig-x", vegalite.canonical(chart.to_dict()))


def test_no_figure_of_the_book_needs_another_rule() -> None:
    for path in sorted(Path(ROOT / "book").rglob("*.ipynb")):
        for spec in output.stored(path, output.FIGURE):
            values.check(spec["usermeta"]["name"], spec)


def test_days_are_days_where_only_their_year_or_their_end_is_drawn() -> None:
    spec = vegalite.canonical(of(end="2024-01-01").encode(x="year(day):T", x2="end").to_dict())
    (rows,) = spec["datasets"].values()
    assert (rows[0]["day"], rows[0]["end"]) == ("2020-01-01T00:00:00", "2024-01-01T00:00:00")
