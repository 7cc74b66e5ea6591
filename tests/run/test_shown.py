"""A cell that leaves what no page can show is named in a line, with what to write instead."""

from typing import Any

import pytest
from nbformat import v4

from helpers.chapter import output
from helpers.run import shown

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"application/vnd.vegalite.v5+json": {}}, "end the cell in figure"),
    ({"text/html": '<div id="vis"></div><script>vegaEmbed()</script>'}, "end the cell in figure"),
    ({"text/html": ["<p>\n", "<SCRIPT src='x.js'></SCRIPT>"]}, "a script"),
    ({"application/javascript": "alert(1)"}, "a script"),
    ({"application/vnd.jupyter.widget-view+json": {"model_id": "x"}}, "a widget"),
    ({output.TABLE: {"data": []}}, "table_schema"),
    ({"application/vnd.plotly.v1+json": {}}, "application/vnd.plotly.v1+json"),
    ({"application/vnd.bokehjs_exec.v0+json": ""}, "what no page can show"),
    ({"application/pdf": ""}, "what no page can show"),
    ({"text/markdown": "There were 14 ships."}, "write a cell of text, with links to facts"),
]


@pytest.mark.parametrize(("bundle", "what"), REFUSED)
def test_what_no_page_can_show_is_named_with_its_cell(bundle: dict[str, Any], what: str) -> None:
    out = v4.new_output("display_data", {**bundle, "text/plain": "x"})
    cells = [v4.new_markdown_cell("x"), v4.new_code_cell("chart", id="plain", outputs=[out, out])]
    (fault,) = shown.faults(v4.new_notebook(cells=cells))
    assert fault.startswith("cell plain: expected ")
    assert what in fault
    assert len(fault.splitlines()) == 1


@pytest.mark.parametrize(
    "bundle",
    [
        {output.FIGURE: {"usermeta": {}}},
        {output.TABLE: {"report-book": {}}, "text/html": "<table></table>"},
        {output.FACT: {}},
        {"image/png": ""},
        {"text/html": "<table><tr><td>1</td></tr></table>"},
        {output.CLAIMS: {}, "text/markdown": "x"},
        {"text/latex": "$x$"},
    ],
)
def test_records_text_tables_and_pictures_pass(bundle: dict[str, Any]) -> None:
    out = v4.new_output("display_data", {**bundle, "text/plain": "x"})
    printed = v4.new_output("stream", text="x")
    assert list(shown.faults(v4.new_notebook(cells=[v4.new_code_cell("x", outputs=[printed, out])]))) == []


@pytest.mark.parametrize(
    ("out", "what"),
    [
        (
            v4.new_output("stream", name="stderr", text="/x.py:1: UserWarning: old\n  f()\n"),
            "'UserWarning: old'",
        ),
        (v4.new_output("stream", name="stderr", text="one thing\nanother\n"), "a warning, 'another'"),
        (v4.new_output("stream", text="in /home/me/book\n"), "machine, '/home/me/book': print"),
        (v4.new_output("execute_result", {"text/plain": "PosixPath('/tmp/x/a.csv')"}), "'/tmp/x/a.csv'"),
        (v4.new_output("display_data", {"text/html": ["<b>C:\\Users\\me</b>"]}), r"Users"),
    ],
)
def test_what_is_not_for_readers_is_named_with_its_cell(out: Any, what: str) -> None:
    (fault,) = shown.faults(v4.new_notebook(cells=[v4.new_code_cell("x", id="plain", outputs=[out])]))
    assert fault.startswith("cell plain: expected ")
    assert what in fault
    assert len(fault.splitlines()) == 1
