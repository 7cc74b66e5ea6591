"""A figure carries what its page needs, is the same in every run, and is refused where it does no good."""

import base64
import io
import json
import math
import re
from typing import Any

import altair
import pandas as pd
import pytest
from PIL import Image

from helpers.chapter import output, theme, vegalite
from helpers.chapter.data import load
from helpers.chapter.figure import FINDING, STRONG, cell, figure, table
from helpers.chapter.schema import DataError
from helpers.live import lab

GOOD: dict[str, Any] = {
    "name": "fig-test",
    "title": "A finding in words",
    "caption": "What is drawn and how to read it.",
    "alt": "A line that rises from the left to the right, with one gap in the middle of it.",
    "sources": ["wh-joint-statement-2024"],
}


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the calls under test display."""
    bundles: list[dict[str, Any]] = []
    monkeypatch.setattr(output, "show", lambda bundle, width=None: bundles.append({**bundle, "width": width}))
    return bundles


def chart(values: tuple[int, ...] = (1, 2, 3)) -> altair.LayerChart:
    rows = pd.DataFrame({"x": range(len(values)), "y": values})
    base = altair.Chart(rows).encode(x="x:Q", y="y:Q")
    return (base.mark_line() + base.mark_point().add_params(altair.selection_interval())).properties(
        height=120
    )


def test_a_figure_carries_its_texts_and_rows(shown: list[dict[str, Any]]) -> None:
    figure(chart(), **{**GOOD, "caption": "Days, as they were read."}, unit="days", note="one gap")
    spec = shown[0][output.FIGURE]
    assert spec["description"] == GOOD["alt"]
    assert spec["title"] == GOOD["title"]
    assert spec["usermeta"]["unit"] == "days"
    assert [row["y"] for row in spec["datasets"][spec["usermeta"]["rows"]]] == [1, 2, 3]
    picture = Image.open(io.BytesIO(base64.b64decode(shown[0]["image/png"])))
    assert picture.width == pytest.approx(2 * shown[0]["width"], abs=2), (
        "sharp, and shown as wide as a page's column"
    )


def test_a_front_end_is_told_how_wide_a_picture_is(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw, metadata: told.append(metadata))
    output.show({"text/plain": "A picture."}, 656.4)
    output.show({"text/plain": "A number."})
    assert told == [{"image/png": {"width": 656}}, None]


def test_the_same_chart_is_the_same_text_in_every_run(shown: list[dict[str, Any]]) -> None:
    figure(chart(), **GOOD)
    chart()  # moves Altair's counters of parameters and views
    figure(chart(), **GOOD)
    assert json.dumps(shown[0]) == json.dumps(shown[1])


def test_texts_may_be_as_short_as_the_rule_allows(shown: list[dict[str, Any]]) -> None:
    figure(chart(), **{**GOOD, "title": "t" * 10, "caption": "c" * 20, "alt": "a" * 60})
    assert shown


def test_offered_rows_may_differ_from_the_first_data_set(shown: list[dict[str, Any]]) -> None:
    figure(chart(), **GOOD, data=pd.DataFrame({"label": ["only"]}))
    spec = shown[0][output.FIGURE]
    assert spec["datasets"][spec["usermeta"]["rows"]] == [{"label": "only"}]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "chart-1"}, "begins with fig-"),
        (
            {"name": 'fig-../../x"<b>'},
            "letters, digits and single hyphens, that begins with fig-, found 'fig-",
        ),
        ({"name": "fig-Test"}, "begins with fig-"),
        ({"name": "fig-a\n"}, "begins with fig-"),
        ({"name": "fig-"}, "begins with fig-"),
        ({"name": "fig-a_b"}, "begins with fig-"),
        ({"alt": "A chart."}, "expected an alt text of at least 60"),
        ({"alt": GOOD["alt"], "caption": GOOD["alt"]}, "says the pattern, found the caption again"),
        ({"title": " " * 20}, "expected a title of at least 10 characters"),
        ({"title": "A finding\nin words"}, "expected a title on one line"),
        ({"title": "A finding of {year} in words"}, "with its values in it, found '{year}'; write f before"),
        ({"caption": "What is drawn, [read](#fact-x) on."}, r"plain words, found '\[read\]\(#fact-x\)'"),
        ({"caption": "What is drawn in <NA> of them."}, "without a missing value, found '<NA>'"),
        ({"table": 3}, "a name or a list of names as table, found 3"),
        ({"sources": [3]}, r"a name or a list of names as sources, found \[3\]"),
        ({"unit": 5}, "a unit of at least 1 characters, found 5"),
        ({"note": " "}, "a note of at least 1 characters, found ' '"),
        ({"note": "since {year}"}, "a note with its values in it"),
        ({"title": "A finding\u200b in words"}, "a title without signs that nobody sees"),
        ({"holds": ["highest"]}, "expected holds={phrase: expression}, found list"),
        ({"data": 3}, "a DataFrame with rows, found 3"),
        ({"data": pd.DataFrame({"a": []})}, "a DataFrame with rows, found Empty DataFrame"),
        ({"title": ""}, "expected a title"),
        ({"title": None}, "expected a title of at least 10 characters, found None"),
        ({"name": 3}, "that begins with fig-, found 3"),
        ({"sources": "nobody"}, "no source named 'nobody'"),
        ({"sources": []}, "expected at least one source"),
        ({"sources": ["nobody"]}, "no source named 'nobody'"),
        (
            {"table": "senkaku_presence"},
            "expected sources that senkaku_presence names, found 'wh-joint-statement-2024'",
        ),
    ],
)
def test_a_figure_that_would_not_do_its_job_is_refused(
    change: dict[str, Any], message: str, shown: list[dict[str, Any]]
) -> None:
    with pytest.raises((ValueError, DataError), match=message):
        figure(chart(), **{**GOOD, **change})
    assert shown == []


@pytest.mark.parametrize(
    ("texts", "holds", "message"),
    [
        ({"title": "The highest count of all years"}, {}, "bears out 'highest' in the title"),
        ({"caption": "No year had more, and the record stands."}, {"No year": True}, "bears out 'record'"),
        (
            {"title": "The highest count of all years"},
            {"highest count": False},
            "does not bear out 'highest count'",
        ),
        ({"title": "The highest count of all years"}, {"highest count": 1}, "expected True or False"),
        (
            {"title": "A finding in words"},
            {"highest count": True},
            "expected a text that says 'highest count'",
        ),
        ({"title": "A finding in words"}, {"A finding": True}, "expected a strong word in 'A finding'"),
        (
            {"title": "The lowest, not the highest"},
            {"The lowest": True},
            "bears out 'highest'",
        ),
    ],
)
def test_a_strong_word_needs_an_expression_that_holds(
    texts: dict[str, str], holds: dict[str, Any], message: str, shown: list[dict[str, Any]]
) -> None:
    with pytest.raises(ValueError, match=message):
        figure(chart(), **{**GOOD, **texts}, holds=holds)
    assert shown == []


def test_a_strong_word_that_holds_leaves_no_trace_in_the_figure(shown: list[dict[str, Any]]) -> None:
    texts = {"title": "The highest count is the last"}
    counts = pd.Series([1, 2, 3])
    figure(chart(), **{**GOOD, **texts}, holds={"The highest count": counts.idxmax() == 2})
    assert shown[0][output.FIGURE]["title"] == texts["title"]
    assert "holds" not in json.dumps(shown[0][output.FIGURE]["usermeta"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Every ship, the most and the fewest; none was first", ["Every", "most", "fewest", "none", "first"]),
        ("at least two, at most ten, at first nobody", ["nobody"]),
        (
            "No. 4 of the Northwest fleet: a test, a guest, the rest, the latest of the heaviest",
            ["latest", "heaviest"],
        ),
        ("earliest, busiest, nearest; only a record", ["earliest", "busiest", "nearest", "only", "record"]),
    ],
)
def test_strong_words_are_known(text: str, words: list[str]) -> None:
    assert [found[0] for found in STRONG.finditer(text)] == words


def test_a_title_s_findings_need_an_expression_and_a_caption_s_do_not(shown: list[dict[str, Any]]) -> None:
    finding = "three in ten rose, nearly half fell, fewer after, longer than twice two thirds"
    words = ["three", "ten", "rose", "nearly", "half", "fell", "fewer", "after", "longer", "twice"]
    assert [found[0] for found in FINDING.finditer(finding)] == [*words, "two", "thirds"]
    for word in words:
        with pytest.raises(ValueError, match=f"bears out '{word}' in the title"):
            figure(chart(), **{**GOOD, "title": f"The count was {word}"})
    assert shown == []
    figure(chart(), **{**GOOD, "title": finding}, holds={finding: True})
    figure(chart(), **{**GOOD, "caption": finding})
    assert len(shown) == 2


def test_sources_are_those_of_the_drawn_rows_if_none_are_given(shown: list[dict[str, Any]]) -> None:
    events = load("events")
    few = events.head(2)
    words = {key: value for key, value in GOOD.items() if key != "sources"}
    figure(altair.Chart(few).mark_point().encode(x="date:T"), **words, table="events")
    assert shown[0][output.FIGURE]["usermeta"]["sources"] == list(dict.fromkeys(few["source_id"]))
    grouped = events.groupby("source_id", as_index=False).size()
    figure(altair.Chart(grouped).mark_point().encode(x="size:Q"), **words, table="events")
    assert shown[1][output.FIGURE]["usermeta"]["sources"] == list(dict.fromkeys(events["source_id"]))
    with pytest.raises(ValueError, match="expected at least one source"):
        figure(chart(), **words)


def test_tables_are_those_of_the_drawn_rows_if_none_are_given(shown: list[dict[str, Any]]) -> None:
    events = altair.Chart(load("events").head(2)).mark_point().encode(x="date:T")
    words = {key: value for key, value in GOOD.items() if key != "sources"}
    figure(events, **words)
    table(load("events").head(2), "tab-test", caption="A table of two rows")
    assert shown[0][output.FIGURE]["usermeta"]["tables"] == ["events"]
    assert shown[1][output.TABLE]["report-book"]["tables"] == ["events"]
    other = altair.Chart(pd.DataFrame({"x": [1]})).mark_point().encode(x="x:Q")
    with pytest.raises(ValueError, match="expected table=…, found rows beside those of events"):
        figure(altair.vconcat(events, other), **words)


@pytest.mark.parametrize("name", ["fig-test", "tab-../x", "tab-Test", "tab-"])
def test_a_table_whose_name_could_be_no_address_is_refused(name: str, shown: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match="begins with tab-"):
        table(pd.DataFrame({"a": [1]}), name, caption="A table of one row", sources=GOOD["sources"])
    assert shown == []


def test_a_table_shows_cells_as_readers_should_see_them(shown: list[dict[str, Any]]) -> None:
    rows = pd.DataFrame({"Day": [pd.Timestamp("2024-04-10")], "Ships": [1200], "<b>": ["<script>"]})
    table(rows, "tab-test", caption="A table of one row", sources=GOOD["sources"])
    assert shown[0][output.TABLE]["data"] == [{"Day": "2024-04-10", "Ships": "1,200", "<b>": "<script>"}]
    assert "<script>" not in shown[0]["text/html"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567, "1,234,567"),
        (1234.0, "1,234"),
        (12.5, "12.5"),
        (12345678.0, "12,345,678"),
        (0.5, "0.5"),
        (2.0, "2"),
        (None, ""),
        (float("nan"), ""),
        ("a", "a"),
        (True, "True"),
    ],
)
def test_cells(value: Any, text: str) -> None:
    assert cell(value) == text


@pytest.mark.parametrize("variant", theme.WIDTHS)
def test_a_chart_is_fitted_to_its_width(variant: str) -> None:
    base = (
        altair.Chart(pd.DataFrame({"x": [1, 2], "y": [3, 4]}))
        .mark_line()
        .encode(x="x:Q", y="y:Q")
        .properties(height=80)
    )
    for spec in (
        chart().to_dict(),
        altair.vconcat(base, base).to_dict(),
        chart((1000000, 2000000)).to_dict(),
    ):
        drawn = vegalite.svg(vegalite.fitted(spec, variant))
        width = float(drawn.split('width="')[1].split('"')[0])
        assert abs(width - theme.WIDTHS[variant]) <= 4


def test_views_side_by_side_are_refused() -> None:
    with pytest.raises(ValueError, match="side by side"):
        list(vegalite.views({"hconcat": [{"mark": "bar"}, {"mark": "bar"}]}))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_colours_stand_out_from_the_page(dark: bool) -> None:
    palette = {name.removeprefix("rb-"): pair[dark] for name, pair in theme.palette().items()}
    for name in ("ink", "muted", "accent", "alert"):
        assert contrast(palette[name], palette["paper"]) >= 4.5, name
    for name, colour in palette.items():
        if name[:2] in ("c-", "k-", "s-", "v-"):
            assert contrast(colour, palette["paper"]) >= 3, name


def perceived(colour: str) -> tuple[float, float, float]:
    """Return a colour in Oklab times 100: a distance of 2 is just seen (Ottosson, 2020)."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)
    )
    long = (41.22214708 * red + 53.63325363 * green + 5.14459929 * blue) ** (1 / 3)
    middle = (21.19034982 * red + 68.06995451 * green + 10.73969566 * blue) ** (1 / 3)
    short = (8.83024619 * red + 28.17188376 * green + 62.99787005 * blue) ** (1 / 3)
    scale = 100 ** (2 / 3)
    return (
        scale * (0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short),
        scale * (1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short),
        scale * (0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short),
    )


@pytest.mark.parametrize("dark", [False, True])
def test_no_category_looks_like_a_country(dark: bool) -> None:
    """Greys aside, which stand for a rest or for what is not known; statuses and verdicts are categories."""
    greys = (theme.INKS["muted"], theme.COUNTRIES["Other"])
    for pair in theme.CATEGORIES:
        near = {
            name: math.dist(perceived(pair[dark]), perceived(own[dark]))
            for name, own in theme.COUNTRIES.items()
            if own not in greys
        }
        assert pair in greys or min(near.values()) >= 5.5, (pair, min(near, key=near.__getitem__))
    colours = theme.palette()
    named = {colours[f"rb-{name}"] for name in (*theme.STATUSES.values(), *theme.VERDICTS.values())}
    assert named <= {*theme.CATEGORIES, *greys}


def test_steps_grow_apart_from_the_page_in_both_themes() -> None:
    for dark in (False, True):
        paper = theme.INKS["paper"][dark]
        contrasts = [contrast(pair[dark], paper) for pair in theme.STEPS]
        assert contrasts == sorted(contrasts)


def test_every_variable_of_a_chart_has_a_plain_colour() -> None:
    spec = json.dumps(
        chart().encode(color=altair.Color("x:N", scale=theme.countries("Japan", "China"))).to_dict()
    )
    assert "var(--rb-c-japan, " in spec
    assert "var(" not in theme.literal(spec)


def test_a_picture_outside_the_page_has_plain_colours_on_white() -> None:
    drawn = vegalite.svg(vegalite.alone(chart().to_dict()))
    assert "var(" not in drawn
    assert 'fill="#ffffff"' in drawn


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(KeyError, match="no colour for the country 'Atlantis'"):
        theme.countries("Atlantis")


def test_scales_name_the_book_s_colours() -> None:
    scale = theme.countries("China", "Japan").to_dict()
    assert scale["domain"] == ["Japan", "China"], "in the order of the book, not of the call"
    assert [colour[4:].partition(",")[0] for colour in scale["range"]] == ["--rb-c-japan", "--rb-c-china"]
    few, many = theme.steps([10]).to_dict(), theme.steps([1, 2, 3, 4, 5]).to_dict()
    assert [colour[4:].partition(",")[0] for colour in few["range"]] == ["--rb-q-4", "--rb-q-5"]
    assert [colour[4:].partition(",")[0] for colour in many["range"]] == [f"--rb-q-{i}" for i in range(6)]
    for thresholds in ([], [1, 2, 3, 4, 5, 6]):
        with pytest.raises(ValueError, match=f"expected 1 to 5 thresholds, found {len(thresholds)}"):
            theme.steps(thresholds)
    names = [f"kind {i}" for i in range(10)]
    assert len(set(theme.categories(*names).to_dict()["range"])) == 10
    with pytest.raises(ValueError, match="expected at most 10 categories, found 11"):
        theme.categories(*names, "one more")
    for scale, words in ((theme.statuses(), theme.STATUSES), (theme.verdicts(), theme.VERDICTS)):
        assert scale.to_dict()["domain"] == list(words)
        lights = [theme.palette()[f"rb-{name}"][0] for name in words.values()]
        assert [theme.literal(colour) for colour in scale.to_dict()["range"]] == lights


def test_the_style_sheet_has_each_colour_for_both_themes_and_for_print() -> None:
    light, dark, printed = theme.css().splitlines()[:3]
    for name, pair in theme.palette().items():
        assert f"--{name}:{pair[0]};" in light
        assert f"--{name}:{pair[1]};" in dark
    assert "".join(f"--{name}:{pair[0]};" for name, pair in theme.palette().items()) in printed


def test_the_style_sheet_has_what_the_settings_say_once_for_styles_and_scripts() -> None:
    style = theme.css()
    assert "--rb-wide:640px;--rb-narrow:320px;" in style
    assert "@container (min-width:640px){.chart-picture .wide{display:block}" in style
    assert all(f".badge-verdict.is-{word}{{--badge:var(--rb-v-{word})}}" in style for word in theme.VERDICTS)
    assert 'src:url("../fonts/noto-sans-jp-book-400-normal.woff2")' in style
    assert "unicode-range:U+3000-30ff,U+3400-9fff,U+ff00-ffef" in style


def test_what_every_chart_would_say_again_the_theme_says() -> None:
    """No axis, key or panel is called by its column, years stand level, and points are opaque."""
    rows = pd.DataFrame({"jahr": ["2024", "2025"], "zahl": [3, 5], "art": ["a", "b"]})
    chart = altair.Chart(rows, height=100).mark_point().encode(x="jahr:O", y="zahl:Q", color="art:N")
    drawn = vegalite.svg(vegalite.fitted(chart.facet("art:N", columns=1).to_dict(), "narrow"))
    texts = re.findall(r"<text[^>]*>([^<]+)</text>", drawn)
    assert {"2024", "4", "a"} <= set(texts)
    assert not {"jahr", "zahl", "art"} & set(texts)
    assert "rotate(" not in drawn
    assert 'opacity="0.7"' not in drawn


@pytest.mark.parametrize(
    ("mark", "full"),
    [("bar", 1), ("line", 1), ("point", 1), ("tick", 0.7), ({"type": "point", "opacity": 0.9}, 0.9)],
)
def test_what_is_not_chosen_is_a_fifth_as_strong(mark: Any, full: float) -> None:
    spec = {"mark": mark, "encoding": {"color": {"field": "x", "type": "nominal"}}, "data": {"name": "d"}}
    opacity = vegalite.highlighted(spec)["encoding"]["opacity"]
    assert opacity == {"condition": {"param": "legend", "value": full}, "value": full / 5}
    hidden = {
        "mark": mark,
        "encoding": {"color": {"field": "x", "type": "nominal", "legend": None}},
        "data": {"name": "d"},
    }
    assert vegalite.highlighted(hidden) == hidden
    two = {"layer": [spec, {**spec, "encoding": {"shape": {"field": "y", "type": "nominal"}}}]}
    assert vegalite.highlighted(two) == two, "two legends"


def test_facets_share_a_width_and_are_one_column_on_a_phone() -> None:
    spec = {"spec": {"mark": "bar", "encoding": {}}, "facet": {"field": "x"}, "columns": 3}
    inside = {"mark": "bar", "encoding": {"facet": {"field": "x", "columns": 2}}}
    assert vegalite.sized(spec, 600, "wide")["spec"]["width"] == 200
    assert vegalite.sized(inside, 600, "wide")["width"] == 300
    narrow = vegalite.sized(spec, 300, "narrow")
    assert (narrow["columns"], narrow["spec"]["width"], narrow["config"]["legend"]["columns"]) == (1, 300, 2)
    narrow = vegalite.sized(inside, 300, "narrow")
    assert (narrow["encoding"]["facet"]["columns"], narrow["width"]) == (1, 300)
    assert spec["columns"] == 3, "the spec itself is left alone"


def test_a_map_keeps_its_shape_and_a_chart_its_height() -> None:
    spec = {"layer": [{"mark": {"type": "geoshape"}}, {"mark": "point"}], "height": 400}
    assert vegalite.sized(spec, 300, "narrow")["height"] == 200
    assert vegalite.sized({"mark": "bar", "height": 400}, 300, "narrow")["height"] == 400


def test_automatic_names_are_numbered_by_kind_in_reading_order() -> None:
    spec = {
        "params": [{"name": "param_7"}, {"name": "param_12"}],
        "name": "view_31",
        "x": "param_12 > 1 && view_31_scroll",
    }
    spec["views"] = ["view_98a6f8ddf0617c66_0"]
    assert vegalite.canonical(spec) == {
        "params": [{"name": "param_1"}, {"name": "param_2"}],
        "name": "view_1",
        "x": "param_2 > 1 && view_1_scroll",
        "views": ["view_2_0"],
    }


def test_only_a_page_says_for_a_chart_what_it_shows() -> None:
    spec = chart().to_dict() | {"title": "A title", "description": "What it shows."}
    message = lab.with_copy({"content": {"data": {output.FIGURE: spec}}})
    copy = message["content"]["data"]["application/vnd.vegalite.v5+json"]
    assert copy["description"] == "What it shows."
    assert "aria" not in copy["config"], "in JupyterLab the chart is read aloud by itself"


def test_a_legend_lets_its_entries_stand_out_and_changes_nothing_at_rest() -> None:
    bars = altair.Chart(pd.DataFrame({"x": ["a", "b"], "y": [1, 2]})).mark_bar().encode(x="x:N", y="y:Q")
    plain = bars.encode(color=altair.Color("x:N", scale=theme.categories("a", "b"))).to_dict()
    living = vegalite.highlighted(plain)
    assert [param["bind"] for param in living["params"]] == ["legend"]
    assert living["encoding"]["opacity"]["value"] < living["encoding"]["opacity"]["condition"]["value"]
    pictures = [vegalite.png(vegalite.svg(vegalite.alone(spec))) for spec in (plain, living)]
    assert pictures[0] == pictures[1]
    assert vegalite.highlighted(living) == living, "a chart with a choice of its own is left alone"
    assert vegalite.highlighted(bars.to_dict()) == bars.to_dict(), "no legend, no choice"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (pd.DataFrame({"a": [1]})["a"], "a DataFrame, found Series"),
        ([1], "a DataFrame, found list"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "found 'a' again"),
        (pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])), r"found \('a', 'b'\)"),
        (
            pd.DataFrame({"who": ["x"], "n": [1]}).groupby("who").sum(),
            r"'who' in the index; add .reset_index",
        ),
        (pd.DataFrame({"n": range(1001)}), "at most 1,000 rows, found 1,001"),
        (pd.DataFrame({"n": [math.inf]}), "finite numbers, found an infinite one"),
        (pd.DataFrame({"n": []}), "expected rows, found none"),
    ],
)
def test_a_table_that_would_lose_or_hide_something_is_refused(
    rows: Any, message: str, shown: list[dict[str, Any]]
) -> None:
    with pytest.raises(ValueError, match=message):
        table(rows, "tab-test", caption="What it lists.", sources=GOOD["sources"])
    with pytest.raises(ValueError, match="a caption of at least 10 characters, found ''"):
        table(pd.DataFrame({"n": [1]}), "tab-test", caption="", sources=GOOD["sources"])
    assert shown == []


def test_one_source_needs_no_list_and_a_moment_keeps_its_hour(shown: list[dict[str, Any]]) -> None:
    table(
        pd.DataFrame({"at": pd.to_datetime(["2024-04-10 09:30", "2024-04-11"], format="ISO8601")}),
        "tab-test",
        caption="What it lists.",
        sources=GOOD["sources"][0],
    )
    content = shown[0][output.TABLE]
    assert content["report-book"]["sources"] == GOOD["sources"]
    assert [row["at"] for row in content["data"]] == ["2024-04-10 09:30", "2024-04-11"]
