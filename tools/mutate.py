"""``make mutate``: change one thing at a time on a copy, at random, and count what the tests notice.

Each change is judged by the part of ``make test`` that could notice it, up to the first failure:

- a table: the tests of data and texts, then nbval of the notebooks that asked for the table;
- a sentence: the tests of texts; a figure or table call: these and nbval of its notebook;
- code: the tests of the module, those of all modules, nbval of three notebooks if they import it; for what
  makes pages a build, the tests of pages and the browser's of one chapter; then those of the module's tests
  that take long.

A module's tests are those that are called like it, import it or are named in `ALSO`; where there are none,
those of the modules that import it.

What is left out could not pass what these refuse, so "noticed" here is noticed by ``make test``; the other
way round ``make test`` is stricter: it also opens a browser and refuses a notebook that is older than a table
or helper that it used. That last test alone would stop every change of such a table, whatever it means, so it
is asked last, for tables only, and counted apart.

``python tools/mutate.py --number 70 --seed 1 --minutes 30`` prints a Markdown table and every change that
slipped through.
"""

import argparse
import ast
import csv
import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).parents[1]
#: The tests that take neither a site, a browser nor builds of their own, as `quick` chooses them, but for the
#: one that refuses every notebook older than what it used.
QUICK = ("-m", "not whole", "-k", "not stored_outputs and not frictionless")
#: Whole rooms are tried on as many cores as there are.
ABREAST = ("--numprocesses", "logical")
#: Tests that run a module by a command and import nothing of it, by the module's name.
ALSO = {"build": "faults", "commands": "update_drill", "paper": "editions"}
#: Modules whose work is seen in the built pages only.
PAGES = ("helpers/pages/", "theme.py", "vegalite.py", "build.py")
#: Notebooks that between them use charts, tables, maps near and far, facts, claims and the models.
NOTEBOOKS = tuple(
    f"book/chapters/{name}.ipynb" for name in ("04-senkaku-article-v", "05-counterstrike", "07-space")
)

#: Seconds after which a judge has seen enough: an order of magnitude more than the slowest takes.
PATIENCE = 1200

#: What of the project's folder is made, or is its history, which a copy does not have.
NO_SOURCES = ("_build", ".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info")
#: What makes the pages of a copy.
BUILD = ("-m", "helpers", "build")
#: What pytest ends with where nothing is left of what it was asked for.
NO_TESTS = 5


@dataclass(frozen=True)
class Mutation:
    """One change: the file, what was changed in words, and the file's new text."""

    file: str
    what: str
    text: str
    in_code: bool = False


class Copy:
    """A copy of the sources, whole again after each mutation."""

    #: Compiled modules would outlive a mutation that is as long and as old as what it replaces.
    environment: ClassVar[dict[str, str]] = {"PYTHONDONTWRITEBYTECODE": "1"}

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.folder, self.rng = folder, rng
        #: What the last command has printed.
        self.said = folder / "said.txt"
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NO_SOURCES), dirs_exist_ok=True)
        if (ROOT / "_build" / "drawings").is_dir():
            shutil.copytree(ROOT / "_build" / "drawings", folder / "_build" / "drawings")
        self.put_pages()
        self.package = json.loads((folder / "data" / "datapackage.json").read_text())
        self.books = sorted(
            path.relative_to(folder).as_posix() for path in (folder / "book").rglob("*.ipynb")
        )

    def put_pages(self) -> None:
        """Put the good pages in the place of those that a mutated copy has built."""
        shutil.rmtree(self.folder / "_build" / "html", ignore_errors=True)
        if (ROOT / "_build" / "html").is_dir():
            shutil.copytree(ROOT / "_build" / "html", self.folder / "_build" / "html")

    def run(self, *command: str) -> bool:
        """Say whether a Python command ends well, and within its time: a change can make a loop endless."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder / "src"), **self.environment}
        with self.said.open("w") as said:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=self.folder,
                env=environment,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            return process.wait(PATIENCE) in (0, NO_TESTS)
        except subprocess.TimeoutExpired:
            return False
        finally:
            if process.poll() is None:  # late, or this run is being ended
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def notices(self, mutation: Mutation) -> str:
        """Return what noticed a mutation, or nothing."""
        path = self.folder / mutation.file
        good = path.read_bytes()
        for name, *commands in judges(mutation, self):
            self.must_pass(*commands)
            path.write_text(mutation.text, encoding="utf-8")
            try:
                if not all(self.run(*command) for command in commands):
                    return name
            finally:
                path.write_bytes(good)
                if BUILD in commands:
                    self.put_pages()
        return ""

    def late(self, slipped: list[tuple[str, Mutation]]) -> list[tuple[str, Mutation]]:
        """Return those that a judge notices who is asked of all at once, at the end; here there is none."""
        return []

    def reason(self) -> str:
        """Return the line in which the last command says what is wrong, or its last one."""
        lines = [line for line in self.said.read_text(errors="replace").splitlines() if line.strip()]
        wrong = [line for line in lines if line.startswith(("E  ", "FAILED", "book/", "data"))]
        return " ".join((wrong or lines[-1:] or [""])[0].split())[:200]

    @cache  # noqa: B019 - there is one copy
    def must_pass(self, *commands: tuple[str, ...]) -> None:
        """Make sure that a judge has nothing against the copy as it is."""
        for command in commands:
            if not self.run(*command):
                sys.exit(f"mutate: expected the unchanged copy to pass, it fails: {' '.join(command)}")


def named(folder: Path, *names: str) -> list[str]:
    """Return the rooms of tests, and the files in whichever room, that are called so."""
    return [
        _within(folder, path)
        for name in names
        for path in (*folder.glob(f"tests/{name}"), *sorted(folder.glob(f"tests/**/{name}.py")))
    ]


@cache
def imported(path: Path) -> frozenset[str]:
    """Return what a module or test imports, by whole names: of ``from a import b`` ``a`` and ``a.b``."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(names)


def tests_of(folder: Path, file: str) -> list[str]:
    """Return the test files of a module: called like it or importing it, else those of who imports it."""
    module, name = ".".join(Path(file).with_suffix("").parts[1:]), Path(file).stem
    users = [path for path in sorted(folder.glob("tests/**/test_*.py")) if module in imported(path)]
    called = named(folder, f"test_{name}", *([f"test_{ALSO[name]}"] if name in ALSO else []))
    if found := sorted({*called, *(_within(folder, path) for path in users)}):
        return found
    above = [path for path in sorted(folder.glob("src/**/*.py")) if module in imported(path)]
    return sorted({test for path in above for test in tests_of(folder, _within(folder, path))})


def _within(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def judges(mutation: Mutation, copy: Copy) -> Iterator[tuple[Any, ...]]:
    """Yield the tests that could notice a mutation, cheap ones first: a name and its commands."""

    def pytest(*arguments: str) -> tuple[str, ...]:
        return ("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *arguments)

    def nbval(notebook: str) -> tuple[str, tuple[str, ...]]:
        return "re-run", pytest("--nbval", "--nbval-current-env", notebook)

    if mutation.file.startswith("src/"):
        own = tests_of(copy.folder, mutation.file)
        if own:
            yield "tests", pytest(*own, *QUICK)
        yield "tests", pytest("--doctest-modules", "src/helpers")
        yield "tests", pytest("tests", *QUICK, *ABREAST)
        for book in NOTEBOOKS:
            record = json.loads((copy.folder / book).read_text())["metadata"]["report-book"]
            if mutation.file.removeprefix("src/").removesuffix(".py").replace("/", ".") in record["modules"]:
                yield nbval(book)
        if any(part in mutation.file for part in PAGES):
            pages = pytest("tests/pages", "-k", "not browser")
            yield "pages", BUILD, pages, pytest("tests/pages/test_browser.py", "-k", "senkaku")
        if elsewhere := [test for test in own if not test.startswith("tests/pages/")]:
            yield "tests", pytest(*elsewhere, "-m", "whole")
    elif mutation.file.startswith("data/"):
        table = Path(mutation.file).stem
        yield "tests", pytest("tests/chapter", "tests/article", "tests/judge", *QUICK, *ABREAST)
        asking = [
            book
            for book in copy.books
            if table in json.loads((copy.folder / book).read_text())["metadata"]["report-book"]["tables"]
        ]
        yield from map(nbval, asking)
        yield "age only", pytest("tests/run/test_notebooks.py", "-k", "stored_outputs")
    else:
        yield "tests", pytest("tests/article", "tests/judge", *QUICK, *ABREAST)
        if mutation.file.startswith("book/seminar/"):
            yield "tests", pytest("tests/chapter/test_exercises.py", "-k", "students_notebooks")
        if mutation.in_code:
            yield nbval(mutation.file)


def in_table(
    copy: Copy, wanted: Callable[[str], bool], tables: Callable[[str], bool] = lambda name: True
) -> Mutation:
    """Change one filled cell of one table to another value that its column could have."""
    rng = copy.rng
    resource = rng.choice([r for r in copy.package["resources"] if "schema" in r and tables(r["name"])])
    file = f"data/{resource['path']}"
    text = (copy.folder / file).read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text)))
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    cells = [
        (i, j) for i in range(1, len(rows)) for j, name in enumerate(rows[0]) if rows[i][j] and wanted(name)
    ]
    if not cells:
        return in_table(copy, wanted, tables)
    i, j = rng.choice(cells)
    old = rows[i][j]
    rows[i][j] = other(rng, fields[rows[0][j]], old, [row[j] for row in rows[1:]], copy)
    if rows[i][j] == old:
        return in_table(copy, wanted, tables)
    new = io.StringIO()
    csv.writer(new, lineterminator="\n").writerows(rows)
    return Mutation(file, f"row {i + 1}, {rows[0][j]}: {old[:60]!r} → {rows[i][j][:60]!r}", new.getvalue())


def other(rng: random.Random, field: dict[str, Any], old: str, column: list[str], copy: Copy) -> str:
    """Return another value that a cell's column allows."""
    if field["name"].endswith("source_id"):
        return rng.choice(source_ids(copy))
    if "enum" in field.get("constraints", {}):
        return rng.choice([str(value) for value in field["constraints"]["enum"]])
    if field["type"] == "boolean":
        return {"true": "false", "false": "true"}[old]
    if field["type"] == "string" and len(set(column)) < len(column) / 2:
        return rng.choice(column)  # a category: another one of it
    return one_character(rng, old, r"\d" if field["type"] != "string" else r"[\da-z]")


def one_character(rng: random.Random, text: str, pattern: str) -> str:
    """Return a text with one of its digits or letters replaced by another; dates mostly stay dates."""
    places = [match.start() for match in re.finditer(pattern, text)]
    if not places:
        return text
    at = rng.choice(places)
    letters = "0123456789" if text[at].isdigit() else "abcdefghijklmnopqrstuvwxyz"
    return text[:at] + rng.choice(letters.replace(text[at], "")) + text[at + 1 :]


def in_prose(copy: Copy, pattern: str, inside: str) -> Mutation:
    """Change one character of what a pattern finds in the Markdown of a page."""
    pages = sorted(
        path.relative_to(copy.folder).as_posix()
        for path in (copy.folder / "book").rglob("*.md")
        if "_" not in path.parts[-2][:1]
    )
    file = copy.rng.choice([*copy.books, *pages])
    raw = (copy.folder / file).read_text(encoding="utf-8")
    content = (
        json.loads(raw)
        if file.endswith(".ipynb")
        else {"cells": [{"cell_type": "markdown", "source": [raw]}]}
    )
    found = [
        (cell, i, match)
        for cell in content["cells"]
        if cell["cell_type"] == "markdown"
        for i, line in enumerate(cell["source"])
        for match in re.finditer(pattern, line)
        if not line.startswith("#")
    ]
    if not found:
        return in_prose(copy, pattern, inside)
    cell, i, match = copy.rng.choice(found)
    new = one_character(copy.rng, match[1], inside)
    line = cell["source"][i]
    cell["source"][i] = line[: match.start(1)] + new + line[match.end(1) :]
    text = (
        json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        if file.endswith(".ipynb")
        else cell["source"][0]
    )
    return Mutation(file, f"{match[1]!r} → {new!r}", text)


def of_calls(source: str) -> list[tuple[str | None, ast.Constant]]:
    """Return the texts in a cell's calls of figures and tables, each with its keyword."""
    return [
        (keyword.arg, part)
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id in ("figure", "table")
        for keyword in call.keywords
        for part in ast.walk(keyword.value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]


def source_ids(copy: Copy) -> list[str]:
    """Return the ids of all sources of the book."""
    with (copy.folder / "data" / "sources.csv").open(encoding="utf-8") as file:
        return [row["source_id"] for row in csv.DictReader(file)]


def in_call(copy: Copy, wanted: Callable[[str | None], bool]) -> Mutation:
    """Change a word of a figure's or table's call, or name another source in it."""
    file = copy.rng.choice(copy.books)
    content = json.loads((copy.folder / file).read_text(encoding="utf-8"))
    texts = [
        (cell, keyword, part)
        for cell in content["cells"]
        if cell["cell_type"] == "code"
        for keyword, part in of_calls("".join(cell["source"]))
        if wanted(keyword) and re.search("[a-z]{3}", part.value)
    ]
    if not texts:
        return in_call(copy, wanted)
    cell, argument, node = copy.rng.choice(texts)
    source = "".join(cell["source"])
    sources = argument == "sources"
    new = copy.rng.choice(source_ids(copy)) if sources else one_character(copy.rng, node.value, "[a-z]")
    if node.value == new or source.count(node.value) != 1:
        return in_call(copy, wanted)
    cell["source"] = source.replace(node.value, new).splitlines(keepends=True)
    return Mutation(
        file,
        f"{argument}: {node.value[:60]!r} → {new[:60]!r}",
        json.dumps(content, indent=1, ensure_ascii=False) + "\n",
        in_code=True,
    )


_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
    ast.And: ast.Or, ast.Or: ast.And, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


def in_code(copy: Copy) -> Mutation:
    """Swap an operator, change a number or flip a truth value in a module of the helpers."""
    files = sorted((copy.folder / "src" / "helpers").rglob("*.py"))
    path = copy.rng.choices(files, [len(file.read_text(encoding="utf-8")) for file in files])[0]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    copy.rng.shuffle(nodes)
    for node in nodes:
        before = ast.unparse(node) if isinstance(node, ast.expr) else ""
        if change(node):
            what = f"line {node.lineno}: {before[:60]} → {ast.unparse(node)[:60]}"  # type: ignore[attr-defined]
            return Mutation(path.relative_to(copy.folder).as_posix(), what, ast.unparse(tree), in_code=True)
    return in_code(copy)


def change(node: ast.AST) -> bool:
    """Change an expression in place; say whether it was one that can be changed."""
    match node:
        case ast.BinOp(op=op) | ast.BoolOp(op=op) if type(op) in _SWAPPED:
            node.op = _SWAPPED[type(op)]()  # type: ignore[assignment]
        case ast.Compare(ops=[op, *_]) if type(op) in _SWAPPED:
            node.ops[0] = _SWAPPED[type(op)]()  # type: ignore[call-overload]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            node.operand = ast.UnaryOp(ast.Not(), operand)
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=int(value) | float(value)):
            node.value = value + 1
        case _:
            return False
    return True


#: As in `helpers.chapter.numbers`, which is not loaded here: each copy loads its own.
MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
#: Each kind of change, in the order in which they take turns.
KINDS: dict[str, Callable[[Copy], Mutation]] = {
    "a value or word in a table": lambda copy: in_table(
        copy, lambda column: not column.endswith("source_id")
    ),
    "a source id in a table": lambda copy: in_table(
        copy, lambda column: column.endswith("source_id"), lambda table: table != "sources"
    ),
    "a verdict or status": lambda copy: in_table(
        copy, lambda column: column in ("verdict", "status_now"), lambda table: table == "claims"
    ),
    "a number in prose": lambda copy: in_prose(copy, r"\[([^\]]*\d[^\]]*)\]\(#fact-", r"\d"),
    "a date in prose": lambda copy: in_prose(copy, rf"\b(\d{{1,2}} {MONTH} (?:19|20)\d\d)\b", r"\d"),
    "a name in prose": lambda copy: in_prose(copy, r"(?<=[a-z,] )([A-Z][a-z]{3,})\b(?![^\[]*\]\()", "[a-z]"),
    "a text of a figure": lambda copy: in_call(
        copy, lambda name: name in ("title", "caption", "alt", "note", "unit", "name")
    ),
    "a source of a figure": lambda copy: in_call(copy, lambda name: name == "sources"),
    "code": in_code,
}


def trial(
    description: str,
    kinds: dict[str, Callable[[Any], Mutation]],
    begin: type[Copy],
    number: int,
    minutes: int,
) -> tuple[dict[str, Counter[str]], list[str]]:
    """Take a person's options, change one thing after another, and tell of each what noticed it.

    Parameters
    ----------
    description
        What the command does.
    kinds
        How a change of each kind is made on a copy, by name.
    begin
        The copy, whose ``notices`` names what notices a change, or nothing.
    number, minutes
        How many changes are made and when it stops at the latest, if nobody says otherwise.

    Returns
    -------
    tuple
        By kind, how often each noticed one; and a line for each change that slipped through.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--number", type=int, default=number, help="how many changes")
    parser.add_argument("--seed", type=int, default=1, help="which changes")
    parser.add_argument("--minutes", type=float, default=minutes, help="when to stop at the latest")
    parser.add_argument("--after", type=int, default=0, help="how many of them an earlier run has had")
    parser.add_argument("--only", choices=kinds, help="one kind of change instead of all in turn")
    options = parser.parse_args()
    turns = [options.only] if options.only else list(kinds)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what is running is ended too
    end = time.monotonic() + 60 * options.minutes
    noticed: dict[str, Counter[str]] = defaultdict(Counter)
    slipped: list[tuple[str, Mutation]] = []
    with tempfile.TemporaryDirectory() as folder:
        copy = begin(Path(folder), random.Random())  # noqa: S311 - no secret is at stake
        for i in range(options.after, options.number):
            if time.monotonic() > end:
                break
            kind, begun = turns[i % len(turns)], time.monotonic()
            copy.rng.seed(f"{options.seed} {i}")  # each by itself, so that a run can go on where one ended
            mutation = kinds[kind](copy)
            by = copy.notices(mutation)
            noticed[kind][by] += 1
            line = f"{i:3} {by or 'SLIPPED':9} {kind}: {mutation.file}: {mutation.what}"
            print(
                f"{line} {copy.reason() if by else ''} ({time.monotonic() - begun:.0f} s)",
                file=sys.stderr,
                flush=True,
            )
            slipped += [] if by else [(kind, mutation)]
        for kind, mutation in copy.late(slipped):
            noticed[kind].update({"": -1, "build": 1})
            slipped.remove((kind, mutation))
    return noticed, [f"- {kind}: `{mutation.file}`, {mutation.what}" for kind, mutation in slipped]


def main() -> int:
    """Mutate and report; the exit code says only whether it ran."""
    noticed, slipped = trial(
        "Change one thing at a time and count what the tests notice.", KINDS, Copy, number=72, minutes=40
    )
    print("| change | tried | refused or differs | only out of date | slipped through |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for kind, counts in noticed.items():
        age, none = counts["age only"], counts[""]
        print(f"| {kind} | {counts.total()} | {counts.total() - age - none} | {age} | {none} |")
    print("\nSlipped through:\n", *(slipped or ["- nothing"]), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
