"""Chapters as code: what a reader sees can be run, a name means one thing, a cell says what it is for."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from helpers.run import notebooks

NOTEBOOKS = notebooks.find(ROOT / "book")
CHAPTERS = [path for path in NOTEBOOKS if "chapters" in path.parts]
#: The label of the fold in which a section works out its facts.
FOLD = "How the numbers are worked out"


def code_cells(path: Path) -> list[Any]:
    return [cell for cell in notebooks.read(path).cells if cell.cell_type == "code"]


def calls(tree: ast.Module, *names: str) -> list[ast.Call]:
    """Return the calls of functions with these names."""
    nodes = (
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    return [node for node in nodes if node.func.id in names]  # type: ignore[attr-defined]


def bound(body: list[ast.stmt], *, inside_a_loop: bool = False) -> tuple[set[str], set[str]]:
    """Return the names that statements bind for good, and those that their loops run through."""
    kept: set[str] = set()
    looped: set[str] = set()
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            kept.add(statement.name)
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            kept |= {(name.asname or name.name).partition(".")[0] for name in statement.names}
        elif isinstance(statement, ast.For | ast.If | ast.With):
            if isinstance(statement, ast.For):
                looped |= {node.id for node in ast.walk(statement.target) if isinstance(node, ast.Name)}
            within = inside_a_loop or isinstance(statement, ast.For)
            for part in (statement.body, getattr(statement, "orelse", [])):
                names = bound(part, inside_a_loop=within)
                kept, looped = kept | names[0], looped | names[1]
        else:
            names = {
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
            names -= {  # what a comprehension runs through stays inside it
                node.id
                for part in ast.walk(statement)
                if isinstance(part, ast.comprehension)
                for node in ast.walk(part.target)
                if isinstance(node, ast.Name)
            }
            kept, looped = (kept, looped | names) if inside_a_loop else (kept | names, looped)
    return kept, looped


def test_bound_names_are_told_from_those_of_loops() -> None:
    code = (
        "a = [x for x in y]\nfor b in y:\n    c = b\ndef d(e): f = 1\nimport g.h\nif a:\n    i = 1\n(j := 2)"
    )
    assert bound(ast.parse(code).body) == ({"a", "d", "g", "i", "j"}, {"b", "c"})


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_name_is_bound_by_one_cell(path: Path) -> None:
    """So that a reader may run any cell again, and none changes what another has meant."""
    cells: dict[str, set[str]] = {}
    loops: dict[str, set[str]] = {}
    for cell in code_cells(path):
        for names, held in zip(bound(ast.parse(cell.source).body), (cells, loops), strict=True):
            for name in names:
                held.setdefault(name, set()).add(cell.id)
    twice = {name: ids for name, ids in cells.items() if len(ids | loops.get(name, set())) > 1}
    assert twice == {}


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_name_that_a_chapter_binds_is_used_in_it(path: Path) -> None:
    """A reader who meets a name looks for what it is for."""
    trees = [ast.parse(cell.source) for cell in code_cells(path)]
    names = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)]
    used = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    kept = set().union(*(bound(tree.body)[0] for tree in trees))
    assert kept - used - {"_"} == set()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_day_is_printed_on_every_system(path: Path) -> None:
    """``%-d`` is known to Vega everywhere, but to Python only where its C library knows it."""
    own = re.compile(r"\{[^{}]*:[^{}:]*%-|strftime\([^)]*%-")
    assert [cell.id for cell in code_cells(path) if own.search(cell.source)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_that_a_visible_cell_needs_is_removed_from_the_page(path: Path) -> None:
    removed = [
        cell
        for cell in code_cells(path)
        if {"remove-input", "remove-cell"} & {*cell.metadata.get("tags", [])}
    ]
    binding = {
        cell.id: names for cell in removed if (names := bound(ast.parse(cell.source).body)) != (set(), set())
    }
    assert binding == {}, "fold such a cell: tag it hide-input"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_facts_of_a_section_stand_in_one_fold_and_cells_say_what_they_are_for(path: Path) -> None:
    cells = code_cells(path)
    for cell in cells:
        tree = ast.parse(cell.source)
        shown = calls(tree, "figure", "table")
        assert len(shown) <= 1, f"{cell.id}: one picture a cell"
        assert not re.match(r"(?:set-up|cell|words|evidence)-?\d*$|.*-\d{1,2}$", cell.id) or shown, cell.id
        if calls(tree, "fact") and "solution" not in cell.metadata.get("tags", []):
            assert not shown, f"{cell.id}: facts have a cell of their own"
            assert cell.metadata.get("mystnb", {}).get("code_prompt_show") == FOLD, cell.id


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_a_model_of_the_book_gives_is_said_to_be_computed(path: Path) -> None:
    """A fact whose function calls a textbook model names the model."""
    trees = [ast.parse(cell.source) for cell in code_cells(path)]
    models = {
        name.asname or name.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("helpers.article")
        for name in node.names
    }
    models |= {  # functions of the notebook that call one
        node.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and models & {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
    }
    for call in (call for tree in trees for call in calls(tree, "fact")):
        used = {node.id for node in ast.walk(call) if isinstance(node, ast.Name)} & models
        assert not used or any(word.arg == "computed" for word in call.keywords), ast.unparse(call)[:80]
