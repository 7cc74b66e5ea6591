"""``make mutate ARGS=--rerun``: change one thing as an honest author might, re-run, then ask everything.

`mutate` asks whether a change is noticed while the stored outputs are old. An author re-runs, and what is
old is then new: only what ties the change to something else can notice it. Here each change is made in a
copy, the notebooks that it makes stale are run, and then are asked, in this order: the run itself, ``check``,
the tests of data, texts and chapters, and, for all that have slipped through, builds of many at once.
Nothing is compared with the outputs as they were, but to see whether a change of code makes any difference.

The kinds are those of which mistakes are made: in tables, in texts, in the code of chapters.
``python tools/mutate_rerun.py --number 100 --seed 1 --minutes 180`` prints a Markdown table of what noticed
how many of each kind, and every change that slipped through.
"""

import ast
import csv
import io
import json
import os
import random
import re
import runpy
import sys
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ClassVar

import pytest
from mutate import BUILD, PATIENCE, Copy, Mutation, in_table, named, of_calls, trial

#: The tests that could notice a change, all that `make test` has but stored outputs, drawings and browsers:
#: those that need no re-run, which are asked first, and the others; by their names, or whole rooms.
_TABLES = ("test_data", "test_package", "test_checks", "test_second_sources", "test_matters")
TESTS = {
    "data": (_TABLES, ("article", "judge", "test_exercises")),
    "book": ((), ("article", "judge", "test_exercises")),
}
#: What is left out: what the run and `check` have asked.
_NOT = "not frictionless and not keeps_the_rule"
#: Words that an author might take for each other.
_PAIRS = (
    ("more", "fewer"), ("most", "least"), ("rose", "fell"), ("rises", "falls"), ("highest", "lowest"),
    ("above", "below"), ("before", "after"), ("first", "last"), ("largest", "smallest"), ("up", "down"),
    ("Japan", "China"), ("Japanese", "Chinese"), ("two", "three"), ("all", "none"), ("every", "no"),
    ("year", "month"), ("dark", "pale"), ("increase", "decrease"), ("with", "without"),
    ("since", "until"), ("many", "few"), ("both", "neither"), ("earlier", "later"), ("north", "south"),
)  # fmt: skip
OTHER_WORD = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
_AGGREGATES = {
    "sum": "mean", "mean": "sum", "max": "min", "min": "max", "idxmax": "idxmin", "idxmin": "idxmax",
    "first": "last", "last": "first", "head": "tail", "tail": "head", "nunique": "size", "cumsum": "cummax",
}  # fmt: skip
_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
}  # fmt: skip


#: What is said of a change of code after which the notebook shows what it showed: there is nothing to notice.
SAME = "no difference"
RERUN, CHECK, PACKAGE = (("-m", "helpers", command) for command in ("rerun", "check", "package"))
#: What takes long to load, and no change is made in.
_LOADED = ("helpers.pages.options", "helpers.judge.changes", "frictionless", "playwright.sync_api")


def _done(command: tuple[str, ...], said: Path) -> None:
    """Do in this process what a command would, with its words in a file, and end with its code."""
    with said.open("w", encoding="utf-8") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    if command[1] == "pytest":
        sys.exit(pytest.main(list(command[2:]), plugins=[_OfTheBook()]))
    sys.argv = list(command[1:])
    runpy.run_module(command[1], run_name="__main__", alter_sys=True)


class _OfTheBook:
    """Leaves out the tests of small books and tables that they write themselves: no change reaches those."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        own = {"tmp_path", "tmp_path_factory", "monkeypatch", "package", "described", "book", "copy"}
        items[:] = [item for item in items if not own & {*getattr(item, "fixturenames", ())}]


class Author(Copy):
    """A copy in which somebody changes something and re-runs; whole again after each change."""

    environment: ClassVar[dict[str, str]] = {}  # no change is one of a module

    def __init__(self, folder: Path, rng: random.Random) -> None:
        super().__init__(folder, rng)
        os.chdir(folder)
        sys.path.insert(0, str(folder / "src"))
        for name in _LOADED:
            import_module(name)
        for top in TESTS:
            for _, commands in self.judges(top):
                self.must_pass(*commands)
        self.good = {path: path.read_bytes() for path in self._files()}

    def _files(self) -> list[Path]:
        return [path for top in ("book", "data") for path in (self.folder / top).rglob("*") if path.is_file()]

    def notices(self, mutation: Mutation) -> str:
        """Return what noticed a change after the re-run that it needs, or nothing."""
        (self.folder / mutation.file).write_text(mutation.text, encoding="utf-8")
        try:
            for name, commands in self.judges(mutation.file.partition("/")[0]):
                if not all(map(self._ends_well, commands)):
                    return name
                if name == "run" and mutation.in_code and self._shows_the_same(mutation.file):
                    return SAME
            return ""
        finally:
            self._restore()

    def _shows_the_same(self, file: str) -> bool:
        path = self.folder / file
        before, after = (json.loads(text)["cells"] for text in (self.good[path], path.read_bytes()))
        return [cell.get("outputs") for cell in before] == [cell.get("outputs") for cell in after]

    def _restore(self) -> None:
        for path in self._files():
            if path not in self.good:
                path.unlink()
        for path, content in self.good.items():
            if not path.is_file() or path.read_bytes() != content:
                path.write_bytes(content)

    def late(self, slipped: list[tuple[str, Mutation]]) -> list[tuple[str, Mutation]]:
        """Return the changes that a build refuses: it takes long, so many are built at once, one a file."""
        refused: list[tuple[str, Mutation]] = []
        while slipped:
            batch = list({each[1].file: each for each in slipped}.values())
            slipped = [each for each in slipped if each not in batch]
            if not self._builds(batch):
                refused += [each for each in batch if len(batch) == 1 or not self._builds([each])]
        return refused

    def _builds(self, batch: list[tuple[str, Mutation]]) -> bool:
        for _, mutation in batch:
            (self.folder / mutation.file).write_text(mutation.text, encoding="utf-8")
        try:
            return self.run(*RERUN) and self.run(*BUILD)
        finally:
            self._restore()

    def _ends_well(self, command: tuple[str, ...]) -> bool:
        return self.run(*command)

    def run(self, *command: str) -> bool:
        """Say whether a command ends well; those that start nothing fork from here, where all is loaded."""
        if command[:2] == ("-m", "pytest") or command in (CHECK, PACKAGE):
            process = get_context("fork").Process(target=_done, args=(command, self.said))
            process.start()
            process.join(PATIENCE)
            process.kill()  # if it is late
            process.join()
            return process.exitcode == 0
        return super().run(*command)

    def judges(self, top: str) -> list[tuple[str, tuple[tuple[str, ...], ...]]]:
        """Return what is asked of a change below a folder, cheap ones first: a name and its commands."""
        pytest = ("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-k", _NOT)
        before, after = (named(self.folder, *names) for names in TESTS[top])
        left = (f"--ignore={each}" for each in before)
        judges = [("run", (RERUN,)), ("check", (CHECK,)), ("tests", ((*pytest, *after, *left),))]
        return [("tests", (PACKAGE, (*pytest, *before))), *judges] if before else judges


def rows_of(copy: Copy, wanted: Callable[[dict[str, Any]], bool]) -> tuple[dict[str, Any], list[list[str]]]:
    """Return a table that has what is wanted, and its rows with the header."""
    tables = [each for each in copy.package["resources"] if "schema" in each and wanted(each)]
    resource = copy.rng.choice(tables)
    text = (copy.folder / "data" / resource["path"]).read_text(encoding="utf-8")
    return resource, list(csv.reader(io.StringIO(text)))


def saved(resource: dict[str, Any], rows: list[list[str]], what: str) -> Mutation:
    """Return the change of a table into these rows."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return Mutation(f"data/{resource['path']}", what, text.getvalue())


def _fields(resource: dict[str, Any], *types: str) -> list[int]:
    return [i for i, field in enumerate(resource["schema"]["fields"]) if field["type"] in types]


def swapped(copy: Copy) -> Mutation:
    """Let two rows of a table change their category."""
    resource, rows = rows_of(copy, lambda each: each["name"] != "sources")
    columns = [
        i
        for i in _fields(resource, "string")
        if not rows[0][i].endswith("_id") and 1 < len({row[i] for row in rows[1:]}) < len(rows) / 2
    ]
    if not columns:
        return swapped(copy)
    i = copy.rng.choice(columns)
    one, other = copy.rng.sample(range(1, len(rows)), 2)
    if rows[one][i] == rows[other][i]:
        return swapped(copy)
    rows[one][i], rows[other][i] = rows[other][i], rows[one][i]
    return saved(resource, rows, f"{rows[0][i]} of rows {one + 1} and {other + 1}: {rows[one][i]!r} swapped")


def dropped(copy: Copy) -> Mutation:
    """Leave out a row of a table."""
    resource, rows = rows_of(copy, lambda each: each["name"] != "sources")
    at = copy.rng.randrange(1, len(rows))
    return saved(resource, rows[:at] + rows[at + 1 :], f"row {at + 1} dropped: {', '.join(rows[at])[:60]}")


def doubled(copy: Copy) -> Mutation:
    """Enter a row of a table again, for another time or with another name."""
    resource, rows = rows_of(copy, lambda each: each["name"] != "sources")
    at, key = copy.rng.randrange(1, len(rows)), resource["schema"]["primaryKey"]
    again = [*rows[at]]
    for i, field in enumerate(resource["schema"]["fields"]):
        if field["name"] in key:
            later = _a_year_later(again[i], copy.rng)
            again[i] = (
                later if later != again[i] else f"{again[i]}x" if field["type"] == "string" else again[i]
            )
    return saved(resource, [*rows[: at + 1], again, *rows[at + 1 :]], f"row {at + 1} doubled as {again[:3]}")


def shifted(copy: Copy) -> Mutation:
    """Move a row of a table by a year."""
    times = ("date", "yearmonth", "year")
    resource, rows = rows_of(copy, lambda each: each["name"] != "sources" and bool(_fields(each, *times)))
    at, i = copy.rng.randrange(1, len(rows)), copy.rng.choice(_fields(resource, *times))
    old = rows[at][i]
    rows[at][i] = _a_year_later(old, copy.rng)
    if rows[at][i] == old:
        return shifted(copy)
    return saved(resource, rows, f"row {at + 1}, {rows[0][i]}: {old} → {rows[at][i]}")


def _a_year_later(cell: str, rng: random.Random) -> str:
    """Return a day, month or year one year later or earlier; any other text as it is."""
    if not re.fullmatch(r"(?:18|19|20)\d\d(?:-\d\d(?:-\d\d)?)?", cell):
        return cell
    return f"{int(cell[:4]) + rng.choice([-1, 1])}{cell[4:].replace('-02-29', '-02-28')}"


def unit(copy: Copy) -> Mutation:
    """Give a field of a table the unit of another."""
    units = sorted(
        {
            field["unit"]
            for each in copy.package["resources"]
            for field in each.get("schema", {}).get("fields", [])
            if "unit" in field
        }
    )
    paths = [
        path for path in sorted((copy.folder / "data").glob("*.json")) if path.name != "datapackage.json"
    ]
    path = copy.rng.choice([path for path in paths if '"unit": "' in path.read_text(encoding="utf-8")])
    text = path.read_text(encoding="utf-8")
    found = copy.rng.choice(list(re.finditer(r'"unit": "([^"]*)"', text)))
    new = copy.rng.choice([each for each in units if each != found[1]])
    what = f"unit {found[1]!r} → {new!r}"
    return Mutation(f"data/{path.name}", what, text[: found.start(1)] + new + text[found.end(1) :])


def flipped(text: str, rng: random.Random) -> str:
    """Return a text in which a word is another that an author might take for it; the same if it has none."""
    words = [word for word in re.finditer(r"[A-Za-z]+", text) if word[0] in OTHER_WORD]
    if not words:
        return text
    word = rng.choice(words)
    return text[: word.start()] + OTHER_WORD[word[0]] + text[word.end() :]


def words(copy: Copy, tables: Callable[[str], bool], columns: tuple[str, ...]) -> Mutation:
    """Flip a word in the texts of a table."""
    resource, rows = rows_of(
        copy,
        lambda each: tables(each["name"]) and any(f["name"] in columns for f in each["schema"]["fields"]),
    )
    cells = [
        (at, i)
        for at in range(1, len(rows))
        for i, name in enumerate(rows[0])
        if name in columns and set(re.findall("[A-Za-z]+", rows[at][i])) & OTHER_WORD.keys()
    ]
    if not cells:
        return words(copy, tables, columns)
    at, i = copy.rng.choice(cells)
    old, rows[at][i] = rows[at][i], flipped(rows[at][i], copy.rng)
    return saved(resource, rows, f"row {at + 1}, {rows[0][i]}: {_difference(old, rows[at][i])}")


def _difference(old: str, new: str) -> str:
    before, after = old.split(), new.split()
    return next((f"{a!r} → {b!r}" for a, b in zip(before, after, strict=False) if a != b), "the same")


def in_cell(copy: Copy, changed: Callable[[str, random.Random], str | None]) -> Mutation:
    """Change the code of one cell of one notebook, as a function does that may find nothing to change."""
    for _ in range(500):
        file = copy.rng.choice([book for book in copy.books if "/exercises/" not in book])
        content = json.loads((copy.folder / file).read_text(encoding="utf-8"))
        cell = copy.rng.choice([cell for cell in content["cells"] if cell["cell_type"] == "code"])
        source = "".join(cell["source"])
        new = changed(source, copy.rng)
        if new and new != source:
            cell["source"] = new.splitlines(keepends=True)
            was, is_now = (" ".join(ast.unparse(ast.parse(each)).split()) for each in (source, new))
            letters = enumerate(zip(was, is_now, strict=False))
            at = max(next((i for i, (one, other) in letters if one != other), len(was)) - 30, 0)
            what = f"{was[at : at + 70]} → {is_now[at : at + 70]}"
            text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
            return Mutation(file, f"{cell['id']}: {what}", text, in_code=True)
    sys.exit("mutate: expected something to change in a cell, found nothing")


def _of_calls(source: str, *keywords: str) -> list[str]:
    """Return the texts in some keywords of figures' and tables' calls."""
    return [part.value for keyword, part in of_calls(source) if keyword in keywords]


def text_of_a_figure(source: str, rng: random.Random) -> str | None:
    """Flip a word in a title, a caption, an alt text or a note."""
    texts = _of_calls(source, "title", "caption", "alt", "note")
    texts = [text for text in texts if source.count(text) == 1 and flipped(text, rng) != text]
    if not texts:
        return None
    text = rng.choice(texts)
    return source.replace(text, flipped(text, rng))


def unit_of_a_figure(source: str, rng: random.Random) -> str | None:
    """Give a figure a unit that is another's."""
    units = _of_calls(source, "unit")
    others = ("vessels", "per cent", "billion dollars", "days a month", "states", "kilometres")
    return source.replace(f'"{units[0]}"', f'"{rng.choice(others)}"') if units else None


def column(source: str, rng: random.Random) -> str | None:
    """Misspell a column in an encoding, or take another one of the cell for it."""
    found = list(re.finditer(r'"(\w+):[QNOT]"', source))
    if not found:
        return None
    field, others = rng.choice(found), sorted({each[1] for each in found})
    letter = rng.randrange(len(field[1]))
    misspelt = field[1][:letter] + field[1][letter + 1 :]
    new = rng.choice([misspelt, *(other for other in others if other != field[1])])
    return source[: field.start(1)] + new + source[field.end(1) :]


def operator(source: str, rng: random.Random) -> str | None:
    """Turn a comparison or a sign round."""
    return _in_tree(source, rng, _turned)


def _turned(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and type(node.op) in _SWAPPED:
        node.op = _SWAPPED[type(node.op)]()  # type: ignore[assignment]
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in _SWAPPED:
        node.ops[0] = _SWAPPED[type(node.ops[0])]()  # type: ignore[call-overload]
    else:
        return False
    return True


def limit(source: str, rng: random.Random) -> str | None:
    """Change a number or a name with which a filter compares."""
    compared = [
        part
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Compare)
        for part in node.comparators
        if isinstance(part, ast.Constant) and isinstance(part.value, int | float | str)
    ]
    if not compared:
        return None
    part = rng.choice(compared)
    old = ast.get_source_segment(source, part) or ""
    year = isinstance(part.value, str) and re.fullmatch(r"\d{4}.*", part.value)
    later = f'"{_a_year_later(str(part.value), rng)}"' if year else f'"{part.value}s"'
    new = later if isinstance(part.value, str) else repr(part.value + 1)
    return source.replace(old, new, 1) if source.count(old) == 1 else None


def aggregate(source: str, rng: random.Random) -> str | None:
    """Take another aggregate: a mean for a sum, a minimum for a maximum."""
    found = [each for each in re.finditer(r"(?:\.|\")(\w+)(?=\(|\")", source) if each[1] in _AGGREGATES]
    if not found:
        return None
    each = rng.choice(found)
    return source[: each.start(1)] + _AGGREGATES[each[1]] + source[each.end(1) :]


def _in_tree(source: str, rng: random.Random, change: Callable[[ast.AST], bool]) -> str | None:
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    rng.shuffle(nodes)
    return ast.unparse(tree) if any(change(node) for node in nodes) else None


_NOTES = ("note", "verdict_note", "status_note")
#: Each kind of mistake, in the order in which they take turns, with what it is a mistake in.
KINDS: dict[str, tuple[str, Callable[[Copy], Mutation]]] = {
    "a value": ("tables", lambda copy: in_table(copy, lambda name: not name.endswith("source_id"))),
    "two categories swapped": ("tables", swapped),
    "a row dropped": ("tables", dropped),
    "a row doubled": ("tables", doubled),
    "a year shifted": ("tables", shifted),
    "a unit": ("tables", unit),
    "a source": (
        "tables",
        lambda copy: in_table(
            copy, lambda name: name.endswith("source_id"), lambda table: table != "sources"
        ),
    ),
    "title, caption, alt text or note": ("texts", lambda copy: in_cell(copy, text_of_a_figure)),
    "a figure's unit": ("texts", lambda copy: in_cell(copy, unit_of_a_figure)),
    "a term of the glossary": (
        "texts", lambda copy: words(copy, lambda name: name == "glossary", ("definition",))
    ),
    "a note of a table": ("texts", lambda copy: words(copy, lambda name: name != "sources", _NOTES)),
    "a column": ("code", lambda copy: in_cell(copy, column)),
    "a comparison or sign": ("code", lambda copy: in_cell(copy, operator)),
    "the limit of a filter": ("code", lambda copy: in_cell(copy, limit)),
    "an aggregate": ("code", lambda copy: in_cell(copy, aggregate)),
}  # fmt: skip
JUDGES = ("run", "check", "tests", "build")


def main() -> int:
    """Change, re-run, ask and report; the exit code says only whether it ran."""
    makers = {kind: make for kind, (_, make) in KINDS.items()}
    noticed, slipped = trial(
        "Change, re-run, count what is noticed.", makers, Author, number=100, minutes=180
    )
    print(*report(noticed), "", "Slipped through:", "", *(slipped or ["- nothing"]), sep="\n")
    return 0


def report(noticed: dict[str, Counter[str]]) -> list[str]:
    """Return a Markdown table: by kind how many were tried, what noticed them, how many slipped through.

    The share is of those that make a difference.
    """
    lines = [
        "| in | change | tried | run | check | tests | build | slipped | no difference |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for kind, counts in noticed.items():
        cells = [KINDS[kind][0], kind, counts.total(), *(counts[name] for name in (*JUDGES, "", SAME))]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    whole: Counter[str] = sum(noticed.values(), Counter())
    differ = whole.total() - whole[SAME]
    share = f"{100 * (1 - whole[''] / differ):.0f} of 100 noticed" if differ else "nothing tried"
    return [*lines, "", share]


if __name__ == "__main__":
    sys.exit(main())
