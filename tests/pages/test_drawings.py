"""What a reader gets of a figure: its rows in the schema's order, its span, its files, drawn only once."""

import codecs
import csv
import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from helpers.chapter import data, theme, vegalite
from helpers.pages import drawings, markup

ROWS = [
    {"note": None, "scrambles": 1168, "fiscal_year": 2016, "extra": "=1+1"},
    {"fiscal_year": 2025, "scrambles": 595.0, "note": "-", "extra": "2024-04-10T00:00:00"},
]


def spec(rows: list[dict[str, Any]], **about: Any) -> dict[str, Any]:
    return {
        "mark": "bar",
        "encoding": {"x": {"field": "fiscal_year", "type": "ordinal"}},
        "data": {"name": "d"},
        "datasets": {"d": rows},
        "title": "A title",
        "description": "What is to be seen",
        "usermeta": {"name": "fig-x", "rows": "d", "tables": ["scrambles"], **about},
    }


def test_columns_come_in_the_order_of_the_tables_and_others_last() -> None:
    columns, records = drawings.rows(spec(ROWS))
    assert columns == ["fiscal_year", "scrambles", "note", "extra"]
    assert records == ROWS
    assert drawings.rows(spec([]))[0] == []
    assert list(drawings.fields(spec(ROWS))) == list(data.fields("scrambles"))
    both = drawings.fields(spec(ROWS, tables=["scrambles_month", "scrambles"]))
    assert both["scrambles"] == data.fields("scrambles_month")["scrambles"], "the first table's word counts"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (ROWS, "2016 to 2025"),
        ([{"month": "2024-04-01T00:00:00"}, {"month": "2012-09-01T00:00:00"}], "2012-09 to 2024-04"),
        ([{"date": "2024-04-10"}, {"date": None}, {"date": "2024-04-30"}], ""),
        ([{"year": 1984}, {"year": "soon"}, {"year": 1999}], "1984 to 1999"),
        (
            [{"year": 2012, "month": "2012-09-01"}, {"year": 2026, "month": "2026-10-01"}],
            "2012-09 to 2026-10",
        ),
        ([{"x": 1}], ""),
    ],
)
def test_the_span_is_that_of_the_rows_drawn(rows: list[dict[str, Any]], expected: str) -> None:
    assert drawings.span(spec(rows)) == expected


def test_a_day_is_shown_without_its_time() -> None:
    assert drawings.shown("2024-04-10T00:00:00.000") == "2024-04-10"
    assert drawings.shown("2024-04-10T12:30:00") == "2024-04-10T12:30:00"
    assert drawings.shown(1168) == "1,168"


def test_a_figure_s_files_say_the_same_and_are_drawn_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = drawings.folder(spec(ROWS), tmp_path)
    assert {path.name for path in made.iterdir()} == {
        "wide.svg", "narrow.svg", "fig-x.svg", "fig-x.csv", "fig-x.vl.json", "fig-x.js",
    }  # fmt: skip
    assert (made / "fig-x.csv").read_bytes().startswith(codecs.BOM_UTF8), (
        "a spreadsheet reads its letters right"
    )
    rows = list(csv.reader(io.StringIO((made / "fig-x.csv").read_text(encoding="utf-8-sig"))))
    assert rows == [
        ["fiscal_year", "scrambles", "note", "extra"],
        ["2016", "1168", "", "'=1+1"],
        ["2025", "595.0", "'-", "2024-04-10"],
    ]
    assert "A title" in (made / "fig-x.svg").read_text()
    assert "A title" not in (made / "wide.svg").read_text(), "in a page the title is the page's own text"
    assert (made / "fig-x.js").read_text().startswith('reportBook.charts["fig-x"]={"datasets":')
    monkeypatch.setattr(drawings, "_files", lambda spec: pytest.fail("drawn again"))
    assert drawings.folder(spec(ROWS), tmp_path) == made
    other = spec(ROWS) | {"mark": "line"}
    assert drawings._digest(other) != made.name


@pytest.mark.parametrize("part", ["code", "colours", "letters", "library"])
def test_a_figure_is_drawn_again_when_what_draws_it_changes(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawings._drawn_by.cache_clear()
    before = drawings._digest(spec(ROWS))
    assert drawings._digest(spec(ROWS)) == before
    if part == "code":
        (tmp_path / "theme.py").write_text("another theme")
        monkeypatch.setattr(theme, "__file__", str(tmp_path / "theme.py"))
    elif part == "colours":
        monkeypatch.setitem(theme.COUNTRIES, "Japan", ("#000000", "#ffffff"))
    elif part == "letters":
        shutil.copytree(vegalite.FONTS, tmp_path / "fonts")
        (tmp_path / "fonts" / "SourceSansPro-Regular.ttf").write_bytes(b"other letters")
        monkeypatch.setattr(vegalite, "FONTS", tmp_path / "fonts")
    else:
        monkeypatch.setattr(drawings, "version", lambda name: "9.9.9")
    drawings._drawn_by.cache_clear()
    assert drawings._digest(spec(ROWS)) != before
    monkeypatch.undo()
    drawings._drawn_by.cache_clear()
    assert drawings._digest(spec(ROWS)) == before


def test_many_figures_are_drawn_ahead_by_others_and_the_same_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    specs = [spec([{**ROWS[0], "scrambles": number}]) for number in range(drawings.FEW + 1)]
    one = drawings.folder(specs[0], tmp_path / "one")
    monkeypatch.setattr(drawings, "_files", lambda spec: pytest.fail("drawn by this process"))
    drawings.draw_ahead(specs, tmp_path / "many")
    many = [drawings.folder(each, tmp_path / "many") for each in specs]
    assert [path.name for path in many] == [drawings._digest(each) for each in specs]
    assert all((many[0] / file.name).read_bytes() == file.read_bytes() for file in one.iterdir())
    drawings.draw_ahead(specs, tmp_path / "many")
    assert not drawings._drawing, "what is there already is not drawn again"


def test_a_few_figures_are_drawn_by_the_process_that_asks(tmp_path: Path) -> None:
    drawings.draw_ahead([spec(ROWS)], tmp_path)
    assert not drawings._drawing
    assert drawings.folder(spec(ROWS), tmp_path).is_dir()


def test_what_stops_another_process_stops_the_one_that_asks(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file where a folder should be")
    specs = [spec([{**ROWS[0], "scrambles": number}]) for number in range(drawings.FEW + 1)]
    drawings.draw_ahead(specs, tmp_path / "store")
    for each in specs:
        with pytest.raises(OSError, match="store"):
            drawings.folder(each, tmp_path / "store")


def test_a_drawing_inside_a_page_is_the_same_picture() -> None:
    drawn = vegalite.svg(vegalite.alone(spec(ROWS)))
    inside = markup.slim(drawn, "x")
    assert len(inside) < len(drawn)
    # What the page gives: the name of the language and of the letters.
    whole = inside.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" ', 1)
    before, after = (Image.open(io.BytesIO(vegalite.png(picture))).convert("L") for picture in (drawn, whole))
    assert before.size == after.size
    assert ImageStat.Stat(before).stddev[0] > 10, "there is something to be seen"
    assert ImageStat.Stat(ImageChops.difference(before, after)).mean[0] < 0.2
