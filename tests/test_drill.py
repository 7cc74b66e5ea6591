"""The promise, tried on a copy: a number changed in data, prose or a chart makes the tests fail."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from conftest import python

CHAPTER = "book/chapters/04-senkaku-article-v.ipynb"


def nbval(copy: Path) -> subprocess.CompletedProcess[str]:
    return python(
        copy, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", "-p", "no:cacheprovider", CHAPTER
    )


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} no longer has {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_untouched_copy_passes(copy: Path) -> None:
    result = nbval(copy)
    assert result.returncode == 0, result.stdout[-2000:]


def test_a_changed_cell_of_a_table_is_caught(copy: Path) -> None:
    lines = (copy / "data" / "scrambles.csv").read_text().splitlines(keepends=True)
    header = lines[0].strip().split(",")
    i = next(i for i, line in enumerate(lines) if line.startswith("2016,total,"))
    cells = lines[i].split(",")
    assert cells[header.index("scrambles")] == "1168"
    cells[header.index("scrambles")] = "1169"
    lines[i] = ",".join(cells)
    (copy / "data" / "scrambles.csv").write_text("".join(lines))
    result = nbval(copy)
    assert result.returncode == 1
    assert "Cell outputs differ" in result.stdout


def test_a_changed_number_in_prose_is_caught_with_the_right_text(copy: Path) -> None:
    replace(copy / CHAPTER, "[1,168", "[1,186")
    script = (
        "import sys; from pathlib import Path; from helpers.judge import prose; "
        "sys.exit('\\n'.join(map(str, prose.check_book(Path('book')))))"
    )
    result = python(copy, "-c", script)
    assert result.returncode == 1
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith(f"{CHAPTER}:")
    assert "[1,186" in line
    assert "the data says '1,168" in line


@pytest.mark.parametrize("where", ["stored", "code"])
def test_a_changed_chart_title_is_caught(copy: Path, where: str) -> None:
    content = json.loads((copy / CHAPTER).read_text())
    for cell in content["cells"]:
        for out in cell.get("outputs", []):
            spec = out.get("data", {}).get("application/vnd.vegalite.v6+json")
            if spec and where == "stored":
                spec["title"] = "Another finding"
        if where == "code" and cell["cell_type"] == "code":
            before, call, after = "".join(cell["source"]).partition("figure(")
            cell["source"] = (
                before + call + re.sub(r'\btitle=(?=f?")', "title='Another finding: ' + ", after, count=1)
            )
    (copy / CHAPTER).write_text(json.dumps(content))
    result = nbval(copy)
    assert result.returncode == 1
    assert "Cell outputs differ" in result.stdout
