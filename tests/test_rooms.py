"""Imports point down, ``files ← settings ← chapter ← {judge, run, live} ← pages``, none to the article.

And a module is called like no other.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT

BASE = {"files", "settings", "programs"}
#: The doors of the house, which import what they need.
DOORS = ("__init__", "__main__", "commands")
#: What each room may import beside itself.
MAY: dict[str, set[str]] = {
    "files": set(),
    "settings": {"files"},
    "programs": {"files"},
    "chapter": BASE,
    "judge": BASE | {"chapter"},
    "run": BASE | {"chapter"},
    "live": BASE | {"chapter"},
    "pages": BASE | {"chapter", "judge", "run", "live"},
    "make": BASE,
    "new": BASE | {"chapter"},
    "article": BASE | {"chapter", "judge"},
}


def imports(package: Path) -> dict[str, set[str]]:
    """Return by dotted name the modules of a package called ``helpers``, each with those that it imports."""
    files = {
        ".".join(path.relative_to(package).with_suffix("").parts): path for path in package.rglob("*.py")
    }
    return {name: set(_imported(path, files)) for name, path in files.items()}


def _imported(path: Path, known: dict[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        named = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):  # of `from helpers.room import name` the name may be a module
            assert not node.level, f"{path}: expected whole names, found a relative import"
            named = [f"{node.module}.{name}" for name in named]
        for parts in (name.split(".") for name in named):
            if parts[0] == "helpers":
                longest = (".".join(parts[1:end]) for end in range(len(parts), 1, -1))
                yield next((name for name in longest if name in known), f"{parts[1]}.__init__")


def faults(graph: dict[str, set[str]]) -> list[str]:
    """Return what breaks the rule: climbing imports, rooms that are not listed, circles."""
    found = []
    for module, targets in graph.items():
        room = module.partition(".")[0]
        if room in DOORS:
            continue
        if room not in MAY:
            found.append(f"{module}: a room without a rule")
            continue
        for target in sorted(targets):
            if (to := target.partition(".")[0]) not in MAY[room] | {room}:
                found.append(f"{module} imports {target}: {room} may not import {to}")
    left = {module: set(targets) for module, targets in graph.items()}
    while ends := [module for module, targets in left.items() if not targets & left.keys()]:
        for module in ends:
            del left[module]
    return found + ([f"a circle among {', '.join(sorted(left))}"] if left else [])


def test_imports_point_downward_and_make_no_circle() -> None:
    graph = imports(ROOT / "src" / "helpers")
    assert graph["pages.figures"] >= {"pages.records", "chapter.data"}, "imports are seen"
    assert faults(graph) == []


def test_a_module_s_name_is_that_of_no_other() -> None:
    names = Counter(path.stem for path in (ROOT / "src" / "helpers").rglob("*.py"))
    assert [name for name, count in names.items() if count > 1] == ["__init__"]


@pytest.mark.parametrize(
    ("module", "text", "fault"),
    [
        ("chapter/new.py", "from helpers.pages import records", "chapter may not import pages"),
        ("judge/new.py", "from helpers.run.notebooks import find", "judge may not import run"),
        ("make/new.py", "def late():\n    import helpers.chapter.data", "make may not import chapter"),
        ("pages/new.py", "from helpers.article import checks", "pages may not import article"),
        ("article/new.py", "from helpers.pages import records", "article may not import pages"),
        ("attic/new.py", "", "attic.new: a room without a rule"),
        ("run/new.py", "from helpers.run import notebooks", "a circle among run.new, run.notebooks"),
    ],
)
def test_a_module_that_breaks_the_rule_is_named(module: str, text: str, fault: str, tmp_path: Path) -> None:
    for name in ("pages/records.py", "article/checks.py", "chapter/data.py", "run/notebooks.py", module):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text if name == module else "", encoding="utf-8")
    if "circle" in fault:
        (tmp_path / "run" / "notebooks.py").write_text("from helpers.run.new import run")
    (found,) = faults(imports(tmp_path))
    assert fault in found
