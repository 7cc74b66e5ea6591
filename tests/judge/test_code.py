"""What a notebook alone understands is out of the way before Python reads a cell."""

import ast
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from helpers.judge import code, places, prose
from helpers.judge.links import Known


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("x = 1", "x = 1"),
        ("%time x = 1", "x = 1"),
        ("%timeit -n 10 -r 3 f(x)", "f(x)"),
        ("%%time\nx = 1", "x = 1"),
        ("%matplotlib inline\nx = 1", "x = 1"),
        ("!pip install pandas\nx = 1", "x = 1"),
        ("files = !ls\nx = 1", "x = 1"),
        ("a, b = %who_ls\nx = 1", "x = 1"),
        ("load?\nx = 1", "x = 1"),
        ("x = 1\npd.DataFrame??", "x = 1"),
        ("?load", ""),
        ("if x:\n    !ls\nelse:\n    y = 1", "if x:\n    pass\nelse:\n    y = 1"),
        ("%%bash\nls | wc -l", ""),
        ("%%html\n<p>", ""),
        ("", ""),
        ("\n\n", ""),
        ("x = 7 % 3", "x = 7 % 3"),
        ("x = '''\n%time\n!ls\nload?\n'''", "x = '\\n%time\\n!ls\\nload?\\n'"),
    ],
)
def test_lines_of_a_notebook_are_passed_over_and_python_is_kept(written: str, left: str) -> None:
    assert ast.unparse(code.parsed(written)) == left


def test_the_rule_for_numbers_reaches_into_a_timed_cell(tmp_path: Path) -> None:
    path = tmp_path / "page.ipynb"
    timed = "%%time\n!ls\nfigure(chart, 'fig-x', title='The 14 ships came')"
    nbformat.write(v4.new_notebook(cells=[v4.new_code_cell(timed, id="timed")]), path)
    (problem,) = prose.check(path, Known({}))
    assert "'14' in the title of a figure is typed in" in str(problem)


def test_an_unfinished_line_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "page.ipynb"
    nbformat.write(v4.new_notebook(cells=[v4.new_code_cell("x = 1\ny = (2,", id="cut")]), path)
    (problem,) = prose.check(path, Known({}))
    assert "y = (2," in path.read_text().splitlines()[problem.place.line - 1]
    assert problem.message.startswith("expected Python, found ")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("It cost $5 million to $7 million then.", 1, r"write \$"),
        ("From $5 a day to $7 a day.", 1, r"write \$"),
        ("Between $5–$7 a day.", 1, r"write \$"),
        ("Some $1,168 and\nthen $7.", 1, r"write \$"),
        ("<p>\nSome 14 ships</p>", 2, "'14' in raw HTML"),
        ('<img src="a.png" alt="14 ships">', 1, "'14' in raw HTML"),
        ("<table>\n<tr><td>1,168</td></tr>\n</table>", 2, "'1,168' in raw HTML"),
        ("```{raw} html\n<p>\n14 ships</p>\n```", 3, "'14' in raw HTML"),
        ("Text.\n\n```{include} _part.md\n```", 3, "{include} brings what no rule is held to"),
        ("```{csv-table} Ships\n:file: t.csv\n```", 1, "{csv-table} brings what no rule is held to"),
        ("```{csv-table} Ships\na,14\n```", 2, "'14' is not tied to a fact"),
        ("```{list-table} Some 14 ships\n- - a\n```", 1, "'14' in the title of a table"),
        ("```{figure} a.png\n:alt: Some 14 ships\n\nA caption.\n```", 1, "'14' in the option alt of figure"),
        ("So it\nwas ![14 ships](a.png).", 2, "'14' in an alternative text is typed in"),
        (":::{note}\nText of\n14 ships.\n:::", 3, "'14' is not tied to a fact"),
    ],
)
def test_what_would_escape_the_rule_is_named(tmp_path: Path, text: str, line: int, what: str) -> None:
    path = tmp_path / "page.md"
    path.write_text(f"{text}\n")
    problems = [problem for problem in prose.check(path, Known({})) if what in problem.message]
    assert [problem.place.line for problem in problems[:1]] == [line]


@pytest.mark.parametrize(
    "text",
    [
        "The angle is $2 \\pi r$ and $5 x$.",
        r"It cost \$5 and \$7 then.".replace("5", "five").replace("7", "seven"),
        '<div class="grid-14" style="width:14px">Fine</div>',
        "<!-- 14 ships -->",
        "<p>In 2024 it came.</p>",
        ":::{admonition} It came in 2024\n:class: dropdown\nText.\n:::",
        "```{raw} latex\n14 ships\n```",
        "![Ships in 2024](a-14.png)",
        "```{figure} a-14.png\n:width: 400px\n:name: fig-14\nText.\n```",
    ],
)
def test_what_is_maths_or_markup_passes(tmp_path: Path, text: str) -> None:
    path = tmp_path / "page.md"
    path.write_text(f"{text}\n")
    assert prose.check(path, Known({})) == []


@pytest.mark.parametrize(
    ("name", "text", "line", "what"),
    [
        ("page.md", "# Page\n\n<<<<<<< HEAD\nOne\n=======\nTwo\n>>>>>>> other\n", 3, "a merge; settle it"),
        ("page.ipynb", '{\n "cells": [\n<<<<<<< HEAD\n', 3, "a merge; settle it"),
        ("page.ipynb", '{"cells": [', 1, "is the file cut off"),
        ("page.ipynb", "[]", 1, "expected a notebook"),
        ("page.ipynb", '\ufeff{"cells": []}', 1, "without a byte-order mark"),
        ("page.md", "\ufeff# Page\n", 1, "without a byte-order mark"),
        (
            "page.ipynb",
            '{"nbformat": 3, "worksheets": []}',
            1,
            "found an older one; `rerun` renews it",
        ),
        ("page.md", "---\nfile_format: mystnb\n---\n\n# Page\n", 1, "save it as .ipynb"),
        ("page.md", "---\njupytext:\n  text_representation: {}\n---\n\n# Page\n", 1, "save it as .ipynb"),
    ],
)
def test_a_file_that_is_no_page_is_named_first(
    tmp_path: Path, name: str, text: str, line: int, what: str
) -> None:
    (tmp_path / name).write_text(text)
    problem = prose.check_book(tmp_path)[0]
    assert (Path(problem.place.file).name, problem.place.line) == (name, line)
    assert what in problem.message


def test_a_heading_underlined_by_equals_signs_is_no_merge(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("A heading\n=======\n\n---\n\nText.\n")
    assert list(places.broken(tmp_path)) == []
