"""What a page could not show is named while the book is built, with the page and the line or the cell."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from conftest import ROOT
from helpers.make import build
from helpers.pages import allowed, trim

pytestmark = pytest.mark.whole

REFUSED = {
    '<img src="https://example.org/a.png">': "loads https://example.org/a.png",
    '<img srcset="a.png 1x, //example.org/b.png 2x">': "loads //example.org/b.png",
    '<iframe src="http://example.org/"></iframe>': "loads http://example.org/",
    '<video poster="https://example.org/a.jpg"></video>': "loads https://example.org/a.jpg",
    '<link rel="stylesheet" href="https://example.org/a.css">': "loads https://example.org/a.css",
    '<form action="https://example.org/"></form>': "loads https://example.org/",
    '<p style="background:url(https://example.org/a.png)">x</p>': "loads https://example.org/a.png",
    '<script src="https://cdn.example.org/x.js"></script>': "loads https://cdn.example.org/x.js",
    '<script>import("https://cdn.example.org/x.js")</script>': "loads https://cdn.example.org/x.js",
    '<script type="application/vnd.jupyter.widget-view+json">{}</script>': "is run by no page",
    '<svg><image href="https://example.org/a.png"/></svg>': "loads https://example.org/a.png",
    '<button onclick="go()">x</button>': "has the script onclick",
    '<a href="javascript:go()">x</a>': "leads to a script",
    '<object data="a.pdf"></object>': "is shown by no page",
    '<div class="sd-card">x</div>': "'sd-card' has no look here",
    '<i class="fa-solid fa-star"></i>': "'fa-solid' has no look here",
}
SHOWN = [
    '<a href="https://example.org/">a link</a>',
    '<img src="a.png" alt="">',
    '<img src="data:image/png;base64,AA==" alt="">',
    '<p style="color:red" class="wide">x</p>',
    '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0,0"/></svg>',
    '<script type="application/ld+json">{"@context": "https://schema.org"}</script>'.replace("https:", ""),
    "<details><summary>More</summary>x</details>",
]


@pytest.mark.parametrize("html", REFUSED)
def test_what_a_browser_would_not_load_run_or_style_is_refused(html: str) -> None:
    ((line, fault),) = allowed.faults(f"<p>\n{html}")
    assert REFUSED[html] in fault
    assert line == 1


@pytest.mark.parametrize("html", SHOWN)
def test_what_a_page_can_show_passes(html: str) -> None:
    assert list(allowed.faults(html)) == []


def test_whatever_is_left_out_of_the_pages_is_looked_for() -> None:
    asking = ("sd-tab-set", "sd-badge", "fas", "thebe-init", "toggle")
    found = {fault.split(",")[1].split()[0] for name in asking for fault in allowed.dead([name])}
    assert found == {asset for asset, (pattern, _) in trim.UNUSED.items() if pattern}


PAGE = r"""# Tried

````{tab-set}
```{tab-item} One
Text.
```
````

```{card} Title
Body
```

{bdg-primary}`badge` and {fas}`spinner`.

![remote](https://example.org/a.png)

<iframe src="https://example.org/b"></iframe>

```{figure} https://example.org/c.png
Caption
```

$$ \nosuch{x} $$

$$
\begin{aligned} a &= b \\ c &= d \end{aligned}
$$ (eq-one)

See {eq}`eq-one`.
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a build says of a page and a notebook with what no page can show."""
    book = Path(shutil.copytree(ROOT / "tests" / "second_book", tmp_path_factory.mktemp("allowed") / "b b"))
    (book / "book" / "tried.md").write_text(PAGE)
    contents = book / "book" / "_toc.yml"
    contents.write_text(f"{contents.read_text().rstrip()}\n      - file: tried\n")
    config = book / "_config.yml"
    config.write_text(config.read_text().replace("html:\n", "html:\n  comments:\n    hypothesis: true\n"))
    path = book / "book" / "pages" / "lanes.ipynb"
    notebook = nbformat.read(path, as_version=4)
    html = '<p>\n<img src="https://example.org/d.png"></p>'
    shown = [v4.new_output("execute_result", {"text/html": html, "text/plain": "x"}, execution_count=1)]
    commands = "%time x = 1\n!ls\nlen?"
    notebook.cells += [
        v4.new_code_cell("HTML(remote)", id="remote", outputs=shown),
        v4.new_code_cell(commands, id="commands", metadata={"tags": ["hide-input"]}),
        v4.new_code_cell("", id="empty"),
    ]
    nbformat.write(notebook, path)
    done = subprocess.run(
        [sys.executable, "-m", "helpers", "build"],
        cwd=book,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    return re.sub(r"\x1b\[[\d;]*m", "", done.stderr)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (4, "'sd-tab-set' has no look"),
        (10, "'sd-card' has no look"),
        (14, "has no look here, scripts/fontawesome"),
        (16, "the image https://example.org/a.png"),
        (18, "<iframe> loads https://example.org/b;"),
        (20, "the image https://example.org/c.png"),
        (24, "the formula has '\\\\nosuch'"),
    ],
)
def test_a_page_is_named_with_its_line(said: str, line: int, what: str) -> None:
    (fault,) = (each for each in said.splitlines() if what in each)
    at = re.search(r"book/tried\.md:(\d+): WARNING", fault)
    assert at, fault
    assert abs(int(at[1]) - line) <= 1, fault


def test_a_cell_is_named_and_an_option_that_loads_something_too(said: str) -> None:
    assert "book/pages/lanes.ipynb: cell remote, line" in said
    assert "loads https://example.org/d.png" in said
    assert "_config.yml: an option or extension loads https://hypothes.is/embed.js" in said


def test_what_works_is_not_named_and_no_fault_twice(said: str) -> None:
    faults = [line for line in said.splitlines() if "WARNING" in line]
    assert len(faults) == len(set(faults))
    assert "Traceback" not in said
    assert not [
        line for line in faults if re.search("commands|empty|aligned|place for each|'&'|eq-one", line)
    ]


def test_a_place_in_a_notebook_is_a_cell_and_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a b.ipynb"
    nbformat.write(v4.new_notebook(cells=[v4.new_markdown_cell("x", id="one")]), path)
    assert build.placed(f"{path}:10003: WARNING: no\n" * 2) == f"{path}: cell one, line 2: WARNING: no\n"
    twice = f"{path}:10003: WARNING: 'myst' cross-reference target not found: 'fact-x' [myst.xref_missing]\n"
    said = "WARNING: [x](#fact-x): no notebook records a fact 'x'; no name is near it\n"
    assert build.placed(said + twice) == said
    assert "fact-x" in build.placed(twice), "nothing is passed over that nobody else says"
    assert build.placed(f"{path}:90003: WARNING: no\n") == f"{path}:90003: WARNING: no\n"
    monkeypatch.chdir(tmp_path)
    assert build.placed(f"{path}:10003: WARNING: no\n") == "a b.ipynb: cell one, line 2: WARNING: no\n"
