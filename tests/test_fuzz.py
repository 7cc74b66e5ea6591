"""Whatever comes in: the loader, the prose rule, facts and figures refuse it in one line or keep it whole."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import altair
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.core import publish_from_doctree
from docutils.utils import new_document
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from helpers.chapter import data, output
from helpers.chapter.figure import cell, figure
from helpers.chapter.numbers import numbers
from helpers.chapter.schema import TYPES, DataError
from helpers.files import BookError
from helpers.judge import links, places, prose
from helpers.judge.links import Known
from helpers.pages import allowed, drawings, figures, markup
from helpers.run import notebooks, shown, students

settings.register_profile(
    "book",
    deadline=timedelta(seconds=20),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
settings.load_profile("book")

COLUMNS = "year,who,count,share,day,month,source_id"
#: Text that is awkward somewhere: markup, formulas, quotes, line ends, marks of direction, other digits.
AWKWARD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "=1+1",
            '"',
            "a\u2028b",
            "\u202eabc",
            "٣",
            "1e999",
            "9" * 30,
            "-0",
            "NaN",
            "0000-00-00",
            "{{",
            "](",
        ]
    ),
)
LABEL = st.one_of(
    st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=20),
    st.sampled_from(
        [
            "0.125",
            ' role="x"',
            ' class="y"',
            "1.2345 km",
            'id="clip0',
            "url(#clip1",
            "var(--rb-ink, #112233)",
            "<g></g>",
        ]
    ),
)
CELL = st.one_of(AWKWARD, st.integers(-(10**20), 10**20).map(str), st.floats().map(str), st.dates().map(str))


def loaded_or_refused(package: Path) -> pd.DataFrame | None:
    """Load the table of counts afresh; nothing but a refusal in one line may come instead."""
    for reading in (data.package, data._typed, data._load):
        reading.cache_clear()
    message = None
    try:
        return data.load("counts", package)
    except DataError as error:
        message = str(error)
    assert message.startswith("counts.csv: ")
    assert len(message.splitlines()) == 1
    return None


@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: f"{COLUMNS}\n{text}\n".encode("utf-8", "surrogatepass")),
    )
)
@settings(max_examples=300)
def test_any_bytes_load_or_are_refused_in_one_line(package: Path, content: bytes) -> None:
    (package / "counts.csv").write_bytes(content)
    loaded_or_refused(package)


@given(
    st.lists(
        st.tuples(CELL, CELL, CELL, CELL, CELL, CELL, st.one_of(CELL, st.just("book"))),
        min_size=1,
        max_size=3,
    )
)
@settings(max_examples=300)
def test_any_cells_come_back_whole_or_are_refused_with_row_and_column(
    package: Path, rows: list[tuple[str, ...]]
) -> None:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([COLUMNS.split(","), *rows])
    (package / "counts.csv").write_bytes(written.getvalue().encode("utf-8", "surrogatepass"))
    table = loaded_or_refused(package)
    assert table is None or table["source_id"].tolist() == ["book"] * len(rows)


@given(LABEL.filter(bool), st.integers(-(10**15) + 1, 10**15 - 1), st.dates(), st.floats(-1e300, 1e300))
@settings(max_examples=200)
def test_a_row_of_the_right_types_comes_back_as_it_was(
    package: Path, text: str, whole: int, day: Any, share: float
) -> None:
    schema = json.loads((package / "datapackage.json").read_text())
    schema["resources"][1]["schema"]["fields"][1].pop("constraints", None)
    schema["resources"][1].pop("sumCheck", None)
    (package / "datapackage.json").write_text(json.dumps(schema))
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(
        [COLUMNS.split(","), (2024, text, whole, repr(share), day, f"{day:%Y-%m}".zfill(7), "book")]
    )
    (package / "counts.csv").write_bytes(written.getvalue().encode("utf-8", "surrogatepass"))
    table = loaded_or_refused(package)
    if table is None:
        assert not re.fullmatch(TYPES["string"].form, text)
    else:
        row = table.iloc[0]
        assert (row["who"], row["count"], row["share"], row["day"]) == (text, whole, share, pd.Timestamp(day))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["counts", "sources", "resources"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["resources", "name", "path"]), inner, max_size=3)
    ),
)


@given(
    st.one_of(
        st.binary(max_size=60),
        JSON.map(lambda content: json.dumps(content).encode()),
        st.just(b"[" * 100_000),
    )
)
@settings(max_examples=300)
def test_any_package_is_read_or_refused_in_one_line(package: Path, content: bytes) -> None:
    (package / "datapackage.json").write_bytes(content)
    with pytest.raises(DataError) as refusal:
        data.resource("no such table", package)
    assert str(refusal.value).startswith("datapackage.json: ")
    assert len(str(refusal.value).splitlines()) == 1


def parts(content: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every part of a descriptor: what holds it, and its key or place there."""
    if isinstance(content, (dict, list)):
        for key, value in content.items() if isinstance(content, dict) else enumerate(content):
            yield content, key
            yield from parts(value)


KNOWN = st.sampled_from(["counts", "sources", "year", "who", "total", "source_id", "integer", "string", ""])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | KNOWN,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "type", "fields", "enum", "pattern"]), inner, max_size=3)
    ),
)


@given(st.integers(0, 10**6), st.sampled_from(["change", "rename", "drop", "add"]), KNOWN, ANYTHING)
@settings(max_examples=500)
def test_any_descriptor_loads_or_is_refused_in_one_line(
    package: Path, place: int, what: str, key: str, value: Any
) -> None:
    path = package / "datapackage.json"
    original = path.read_text()
    content = json.loads(original)
    places = list(parts(content["resources"][1]))
    holder, at = places[place % len(places)]
    if what == "change":
        holder[at] = value
    elif what == "rename" and isinstance(holder, dict):
        holder[key or "unknown"] = holder.pop(at)
    elif what == "add" and isinstance(holder, dict):
        holder[key or "unknown"] = value
    else:
        del holder[at]
    path.write_text(json.dumps(content))
    for reading in (data.package, data._typed, data._load):
        reading.cache_clear()
    message = "counts.csv: "
    try:
        data.load("counts", package)
    except DataError as error:
        message = str(error)
    finally:
        path.write_text(original)
    assert re.match(r"datapackage\.json: |\w+\.csv: ", message)
    assert len(message.splitlines()) == 1


LINKS = ["[", "](#fact-peak)", "](#claim-c07)", "](#", "1,168", "70"]
PIECES = st.sampled_from(
    [
        *LINKS,
        "`",
        "**",
        "| ",
        "\n",
        "\n\n",
        "```{note}\n",
        "```\n",
        ":::",
        "$",
        "> ",
        "- ",
        "<b>",
        "\\",
        "&#49;",
    ]
)
MARKDOWN = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=12).map("".join)


@given(MARKDOWN)
@settings(max_examples=200)
def test_any_page_is_judged(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8", errors="replace")
    for problem in prose.check(page, Known({"peak": "1,168 scrambles"}, {"c07": "Around 70 agreements."})):
        assert 1 <= problem.place.line <= len(page.read_text(encoding="utf-8").splitlines()) + 1
        assert len(str(problem).splitlines()) == 1


@given(
    st.sampled_from(
        [
            "There were {} of them.",
            "- {}",
            "> Some {} ships, in 2024.",
            "| a |\n| --- |\n| {} |",
            "*{}* and `7`",
        ]
    ),
    st.integers(10_000, 10**9),
)
@settings(max_examples=100)
def test_no_loose_number_gets_by_and_every_tied_one_does(tmp_path: Path, sentence: str, number: int) -> None:
    page = tmp_path / "page.md"
    page.write_text(sentence.format(f"{number:,}"))
    assert len(prose.check(page, Known({}))) == 1
    page.write_text(sentence.format(f"[{number:,}](#fact-n)"))
    assert prose.check(page, Known({"n": f"{number:,}"})) == []
    assert len(prose.check(page, Known({"n": f"{number + 1:,}"}))) == 1


SCALE = st.sampled_from(["dozen", "hundred", "thousand", "million", "billion", "trillion"])
COUNT = st.one_of(
    st.sampled_from(["a", "One", "two", "eleven", "twelve", "thirteen", "Forty-two"]),
    st.integers(0, 3000).map(str),
    st.floats(0, 3000).map("{:,.2f}".format),
)


@given(
    st.sampled_from(
        ["{}", "In {} ships.", "It is\n{}", "Since 2024 the {} yen", "| a |\n| - |\n| {} |", "*{}*"]
    ),
    COUNT,
    st.sampled_from([" ", "-", "\u00a0", "\n"]),
    SCALE,
    st.booleans(),
)
@settings(max_examples=300)
def test_no_number_with_a_word_of_scale_slips_through(
    tmp_path: Path, sentence: str, count: str, gap: str, scale: str, plural: bool
) -> None:
    gap = " " if "|" in sentence else gap
    number = f"{count}{gap}{scale}{'s' * plural}"
    assert numbers(sentence.format(number)) == [" ".join(number.split())]
    page = tmp_path / "page.md"
    page.write_text(sentence.format(number))
    assert len(prose.check(page, Known({}))) == 1
    page.write_text(sentence.format(f"[{number}](#fact-n)"))
    assert prose.check(page, Known({"n": " ".join(number.split())})) == []


@given(st.integers(-(10**9), 10**9), st.integers(0, 2), st.sampled_from(["", " thousand", " trillion"]))
def test_a_number_alone_is_held_and_mended_as_its_fact_is(value: int, decimals: int, scale: str) -> None:
    number = f"{value:,.{decimals}f}{scale}".replace("-", "\N{MINUS SIGN}")
    text = f"some {number} ships"
    assert links.form(f"7{scale}", text) == number
    assert links.form(f"7{scale} ships", text) == text
    assert links.form(f"7{scale}", f"{text} of 9") == f"{text} of 9"


#: What people type, paste and save: each is judged in a line, or passed over, and ends in no traceback.
CODE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(
                    "",
                    "\n",
                    "%time x = 1",
                    "%%bash\nls",
                    "!ls",
                    "load?",
                    "x = (1,",
                    "    x",
                    "chart",
                    "%%time",
                ),
                *(
                    "f = !ls",
                    "x = '''",
                    "\x0c",
                    "# only a remark",
                    "for i in x:\n    %pip list",
                    "print 1",
                    "?",
                ),
                *(
                    "figure(chart, 'fig-x', title='14 ships')",
                    "\ufeffx = 1",
                    "x = 1;",
                    "await x",
                    "\\",
                    "\x00",
                ),
            ]
        ),
        st.text(max_size=12),
    ),
    max_size=3,
).map("\n".join)
SHOWN = st.dictionaries(
    st.sampled_from(
        [
            *(output.FIGURE, output.TABLE, output.FACT, "text/html", "text/plain", "image/png"),
            *("application/javascript", "application/vnd.vegalite.v5+json", "application/vnd.plotly.v1+json"),
            "application/vnd.jupyter.widget-view+json",
        ]
    ),
    st.one_of(JSON, st.sampled_from(["<script>1</script>", "<b>", ["<scr", "ipt>"]])),
    max_size=3,
)
OUTPUT = st.one_of(
    SHOWN.map(lambda bundle: {"output_type": "display_data", "data": bundle, "metadata": {}}),
    st.just({"output_type": "stream", "name": "stdout", "text": "x"}),
    st.just({"output_type": "error", "ename": "E", "evalue": "", "traceback": []}),
)
CELLS = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"cell_type": st.just("code"), "source": CODE, "outputs": st.lists(OUTPUT, max_size=2)},
        ),
        st.fixed_dictionaries(
            {"cell_type": st.sampled_from(["markdown", "raw"]), "source": MARKDOWN},
            optional={"attachments": st.just({"a.png": {"image/png": "AA=="}})},
        ),
    ),
    max_size=4,
)


@given(CELLS, st.lists(st.sampled_from(["a", "b", "c d", ""]), min_size=4, max_size=4), st.integers(2, 5))
@settings(max_examples=200)
def test_a_notebook_of_habits_is_judged_in_lines_and_ends_in_no_traceback(
    tmp_path: Path, cells: list[dict[str, Any]], ids: list[str], minor: int
) -> None:
    for written, name in zip(cells, ids, strict=False):
        written["metadata"] = {"nbgrader": {"points": 1}}
        written |= {"execution_count": None} if written["cell_type"] == "code" else {}
        written |= {"id": name} if minor == 5 else {}
    path = tmp_path / "page.ipynb"
    whole = {"nbformat": 4, "nbformat_minor": minor, "metadata": {}, "cells": cells}
    path.write_text(json.dumps(whole), encoding="utf-8")
    said = [str(problem) for problem in places.broken(tmp_path)]
    said += [str(problem) for problem in prose.check(path, Known({"peak": "1,168 scrambles"}))]
    try:
        notebook = notebooks.read(path)
        said += shown.faults(notebook)
        student, _ = students.release(notebook)
    except BookError as error:
        said.append(str(error))
    else:
        assert [cell.id for cell in student.cells] == [cell.id for cell in notebook.cells]
    assert [line for line in said if len(line.splitlines()) != 1] == []


@given(st.one_of(st.binary(max_size=80), MARKDOWN.map(str), JSON.map(json.dumps)))
@settings(max_examples=150)
def test_any_file_in_the_place_of_a_page_is_judged(tmp_path: Path, content: bytes | str) -> None:
    for name in ("page.md", "page.ipynb"):
        written = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        (tmp_path / name).write_bytes(written)
    for problem in prose.check_book(tmp_path):
        assert problem.place.line >= 1
        assert len(str(problem).splitlines()) == 1


TAGS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(
                    "<img src=",
                    "'https://e.org/a'",
                    '"//e.org"',
                    ">",
                    "<script>",
                    "</script>",
                    "<svg>",
                    "<!--",
                ),
                *(" onclick=x", " class='sd-card fa'", "<iframe srcdoc=''", "<![CDATA[", "</", "<a href="),
                *("javascript:x", "<!DOCTYPE", "<?", "&#"),
            ]
        ),
        st.text(max_size=6),
    ),
    max_size=8,
).map("".join)


@given(TAGS)
@settings(max_examples=200)
def test_any_raw_html_is_held_against_what_pages_may_load(html: str) -> None:
    for line, fault in allowed.faults(html):
        assert 0 <= line <= html.count("\n")
        assert len(fault.splitlines()) == 1


VALUE = st.one_of(
    AWKWARD.map(lambda text: text.replace("\r", "")),
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
)


@given(
    st.lists(
        st.dictionaries(
            AWKWARD.map(lambda text: text.replace("\r", "") or "x"), VALUE, min_size=1, max_size=4
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_download_holds_every_row_and_no_formula(records: list[dict[str, Any]]) -> None:
    written = drawings._csv({"usermeta": {"rows": "d"}, "datasets": {"d": records}})
    columns = list(dict.fromkeys(column for row in records for column in row))
    read = list(csv.reader(io.StringIO(written, newline="")))
    assert len(read) == 1 + len(records)
    for line, record in zip(read[1:], records, strict=True):
        for text, column in zip(line, columns, strict=True):
            if isinstance(value := record.get(column), str):
                assert text in (value, f"'{value}", value[:10])
                assert text[:1] not in tuple("=+-@\t\r")
    assert not any(header[:1] in tuple("=+-@\t\r") for header in read[0] if header)


@given(st.lists(AWKWARD, max_size=5))
def test_every_column_gets_a_header(columns: list[str]) -> None:
    spec = {"usermeta": {"tables": ["scrambles", "events"]}}
    assert len(markup.headers(spec, columns)) == len(columns)
    assert markup.headers(spec, ["scrambles", "date"]) == ["Scrambles", "Date"]


@given(VALUE)
def test_any_value_is_shown_in_one_way(value: Any) -> None:
    assert isinstance(cell(value), str)
    assert drawings.shown(value) in (cell(value), str(value)[:10])


MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</table></details>",
    "--><svg onload=alert(1)>",
    "]]>",
    "{{ 1 }}",
]
#: Letters of the first plane: the drawing library fails at a label with others that it has to shorten.
PLANE = st.text(
    st.characters(
        exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"],
        exclude_characters="\ufffe\uffff",
        max_codepoint=0xFFFF,
    ),
    max_size=20,
)
WORDS = st.lists(
    st.one_of(
        st.sampled_from([*MARKUP, "'", '"', "&lt;", "&#60;b>", "javascript:alert(1)", "\\", "`"]), PLANE
    ),
    min_size=1,
    max_size=4,
).map("".join)
SOURCE = "wh-joint-statement-2024"


def page(spec: dict[str, Any], made: Path) -> BeautifulSoup:
    """Return a figure as a page has it, written as HTML with what the plugin adds, and its page alone."""
    document = new_document("page")
    renderer = SimpleNamespace(sphinx_env=SimpleNamespace(docname="page"), document=document)
    document += figures.figure_nodes(renderer, spec)
    added = {
        figures.picture: lambda: markup.picture_html(spec, made),
        figures.backing: lambda: added_below(spec, made),
    }
    for kind, write in added.items():
        for node in list(document.findall(kind)):
            node.replace_self(nodes.raw("", write(), format="html"))
    written = publish_from_doctree(
        document, writer_name="html5", settings_overrides={"output_encoding": "unicode"}
    )
    body = BeautifulSoup(written, "html.parser").find("body")
    body.append(BeautifulSoup(markup.alone(spec, "page.html", made), "html.parser").find("body"))
    return body


def added_below(spec: dict[str, Any], made: Path) -> str:
    return markup.backing_html(
        spec, lambda source_id: f"sources.html#{source_id}", "data.html"
    ) + markup.tools_html(spec, "", made)


@given(st.lists(WORDS, min_size=6, max_size=6))
@settings(max_examples=12, phases=[Phase.generate])  # each one is drawn twice: what fails is not made smaller
def test_any_text_of_a_figure_is_text_in_its_page(tmp_path: Path, words: list[str]) -> None:
    title, caption, alt_text, note, unit, cell_text = (
        " ".join(f"Here {text} in words".split()) for text in words
    )
    drawn = pd.DataFrame({"x": [1, 2], "text": [cell_text, "b"]})
    chart = (
        altair.Chart(drawn)
        .mark_point()
        .encode(x="x:Q", y=altair.Y("text:N", axis=altair.Axis(labels=False)), tooltip=["text"])
    )
    shown: list[dict[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(output, "show", lambda bundle, width=None: shown.append(bundle))
        texts = {
            "title": title,
            "caption": f"{caption}, long enough",
            "alt": f"{alt_text} {'long enough ' * 6}".strip(),
            "note": note,
            "unit": unit,
        }
        figure(chart, "fig-x", sources=[SOURCE], **texts)
    body = page(shown[0][output.FIGURE], tmp_path)
    read = " ".join(body.get_text(" ").split())
    for text in (title, caption, note, unit, cell_text):
        assert text in read
    assert any(alt_text in " ".join(node["aria-label"].split()) for node in body.select("[aria-label]"))
    assert {tag.name for tag in body.find_all(True)} & {"script", "img", "iframe", "object", "b"} <= {
        "script"
    } & _own_scripts(body)
    assert [name for tag in body.find_all(True) for name in tag.attrs if name.startswith("on")] == []
    assert [
        link["href"]
        for link in body.select("[href]")
        if link["href"].strip().lower().startswith("javascript:")
    ] == []


def _own_scripts(body: BeautifulSoup) -> set[str]:
    """Return the name of the tag if all scripts of the page are files of the site."""
    return {"script"} if all(tag.get("src") for tag in body.find_all("script")) else set()


@given(LABEL, LABEL)
@settings(max_examples=200)
def test_a_slimmer_drawing_keeps_every_letter(label: str, other: str) -> None:
    def escaped(text: str) -> str:
        """Return a text as the drawing library writes it."""
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    attribute = escaped(other).replace('"', "&quot;")
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1"><defs><clipPath id="clip0"></clipPath></defs>'
        f'<g role="img" aria-label="{attribute}" clip-path="url(#clip0)">'
        f'<text transform="translate(1.23456,2)" opacity="1">{escaped(label)}</text>'
        f"<g></g><text>{escaped(other)}</text></g></svg>"
    )
    slim = markup.slim(drawing, "fig-a-w")
    assert [text.text or "" for text in ET.fromstring(slim).iter("text")] == [label, other]  # noqa: S314 - our own text
    assert 'id="fig-a-w-clip0"' in slim
    assert "url(#fig-a-w-clip0)" in slim
    assert "translate(1.2,2)" in slim
    assert not re.search(r"<[^>]* (?:role|aria-label|opacity)=", slim)
