"""The rule for numbers in prose, and the check that every one is tied to a fact.

The rule. A number written in digits, or a number word from thirteen up, needs a link to a fact,
``[1,168 ships](#fact-ships-peak)``, whose text equals the fact's. Exempt are

- dates and years (10 April 2024, FY2025, 2012–2016, the 1970s): a bare four-digit number from 1850
  to 2099 is a year, since thousands are written with a comma;
- ordinals (1st) and names: digits glued or hyphenated to a letter (F-15, 5G), those of the settings ("2+2"),
  and a number after a naming word of the settings (Article 5, paragraph 13);
- headings, code, maths, roles, and the reading time;
- on a page of the seminar, what is said of the room: clock times, minutes, people, groups, sheets of paper;
- a number inside a link to a claim, if the claim itself has it.

Number words up to twelve are language. The same rule holds for the title, caption, alt text and note
of ``figure`` and ``table`` calls: their numbers come from the data through an f-string. A claim's notes are
data with a source of their own; the facts that they print stand in the claim's column ``facts``.
"""

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from helpers.chapter import data, output
from helpers.chapter.numbers import numbers
from helpers.files import write_whole
from helpers.settings import settings

_ROOM = re.compile(
    r"\[[^\]]*\]\(#fact-[^)]*\)"  # a link to a fact stays what it is
    r"|\b\d{1,2}:\d{2}(?:[–-]\d{1,2}:\d{2})?\b"
    r"|\b\d+(?:[–-]\d+)?[ -](?:minutes?|people|participants|students|groups?|copies|pages?|sheets?|points?)\b"
)
# A link to a fact whose text has no markup, escape or quotation mark: safe to rewrite in a page and in a notebook's JSON.
_PLAIN = r"[^\[\]*_`\\$\"<>]+"
_FACT_LINK = re.compile(rf"(?<!`)\[({_PLAIN})\]\(#fact-([\w-]+)\)")


@dataclass(frozen=True)
class Problem:
    """One sentence that the data does not bear out."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


def check(path: Path, facts: dict[str, str], claims: dict[str, str]) -> list[Problem]:
    """Return the problems of one page.

    Parameters
    ----------
    path
        A notebook or a Markdown page.
    facts
        The text of each fact of the book, by name.
    claims
        What each claim says, by id.
    """
    problems, page = [], list(cells(path))
    texts = (value for kind, code, _ in page if kind == "code" for _, value in _texts(ast.parse(code)))
    variables = {value.id for value in texts if isinstance(value, ast.Name)}
    for kind, text, lines in page:
        if f"book/{settings().folders.seminar}/" in path.as_posix() and kind == "markdown":
            text = _ROOM.sub(lambda m: m[0] if m[0][0] == "[" else "x" * len(m[0]), text)
        found = _check_code(text, variables) if kind == "code" else _check_markdown(text, facts, claims)
        problems += [Problem(str(path), lines(line), message) for line, message in found]
    return problems


def pages(book: Path) -> list[Path]:
    """Return the notebooks of a book folder and then its Markdown pages, each in the order of their names."""
    written = [
        path
        for path in sorted(book.rglob("*"))
        if not any(part[0] in "._" for part in path.relative_to(book).parts)
    ]
    return [path for suffix in (".ipynb", ".md") for path in written if path.suffix == suffix]


def facts(book: Path) -> list[tuple[str, str, Path]]:
    """Return name, text and notebook of each fact that the notebooks of a book folder have stored."""
    stored = (
        (fact, path)
        for path in pages(book)
        if path.suffix == ".ipynb"
        for fact in output.stored(path, output.FACT)
    )
    return [(fact["name"], fact["text"], path) for fact, path in stored]


def check_book(book: Path) -> list[Problem]:
    """Return the problems of all pages of a book folder, from the facts that its notebooks have stored.

    A fact that two notebooks record under one name is a problem too, and so is a claim's note without the fact that it names.
    """
    known: dict[str, str] = {}
    problems = []
    for name, text, path in facts(book):
        if name in known:
            problems.append(Problem(str(path), 1, f"the fact {name!r} is recorded twice in the book"))
        known[name] = text
    table = data.load("claims") if data.has("claims") else None
    claims = {} if table is None else dict(zip(table["claim_id"], table["claim"], strict=True))
    for path in pages(book):
        problems += check(path, known, claims)
    return [*problems, *([] if table is None else check_notes(table, known))]


def fix(book: Path) -> int:
    """Write into the links to facts what the data says, page by page and whole or not at all; return the number of links.

    Nothing else in a page changes. A link whose text has markup is left to a person, and so is everything that is no link.
    """
    known = {name: text for name, text, _ in facts(book)}
    stale: dict[Path, set[int]] = defaultdict(set)
    for problem in check_book(book):
        stale[Path(problem.file)].add(problem.line - 1)
    fixed = 0

    def said(link: re.Match[str]) -> str:
        nonlocal fixed
        new = known.get(link[2], "")
        if new == link[1] or not re.fullmatch(_PLAIN, new):
            return link[0]
        fixed += 1
        return f"[{new}](#fact-{link[2]})"

    for path, lines in stale.items():
        if path.suffix in (".ipynb", ".md"):
            old = path.read_bytes().decode().split("\n")
            new = [_FACT_LINK.sub(said, text) if i in lines else text for i, text in enumerate(old)]
            if new != old:
                write_whole(path, "\n".join(new).encode())
    return fixed


def check_notes(claims: Any, facts: dict[str, str]) -> Iterator[Problem]:
    """Hold the notes of the claims against the facts that they name: each fact's text stands in one of them."""
    for line, claim in claims[claims["facts"].notna()].iterrows():
        notes = f"{claim['verdict_note']} {claim['status_note']}"
        for name in claim["facts"].split():
            here = f"the note of {claim['claim_id']}"
            if name not in facts:
                yield Problem("data/claims.csv", line, f"{here}: no notebook records a fact {name!r}")
            elif facts[name] not in notes:
                digits = r"\d[\d,.]*"
                old = re.search(digits.join(map(re.escape, re.split(digits, facts[name]))), notes)
                yield Problem(
                    "data/claims.csv",
                    line,
                    f"{here} says {old[0] if old else notes!r}: the data says {facts[name]!r}",
                )


def cells(path: Path) -> Iterator[tuple[str, str, Any]]:
    """Yield each cell as (kind, text, function from the cell's line, counted from 0, to the file's line)."""
    raw = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        yield "markdown", raw, lambda line: line + 1
        return
    written = raw.split("\n")  # not at the other characters that end a line: an output may hold them
    at = 0
    for cell in json.loads(raw)["cells"]:
        # nbformat writes a cell's keys in alphabetical order, and its source one line a line.
        at = next(
            (i for i in range(at, len(written)) if f'"id": {json.dumps(cell.get("id"))}' in written[i]), at
        )
        source = next(
            (i for i in range(at, len(written)) if written[i].strip().startswith('"source": [')), at
        )
        yield cell["cell_type"], "".join(cell["source"]), lambda line, start=source: start + line + 2


def _texts(code: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield the texts of figures and tables: what each is, and its expression."""
    for call in ast.walk(code):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id in ("figure", "table")
        ):
            for keyword in call.keywords:
                if keyword.arg in ("title", "caption", "alt", "note"):
                    yield f"the {keyword.arg} of a {call.func.id}", keyword.value


def _check_code(code: str, variables: set[str]) -> Iterator[tuple[int, str]]:
    """Hold the texts of figures and tables to the rule, also where a variable brings them: their fixed parts have no number."""
    tree = ast.parse(code)
    texts = list(_texts(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            names = (name.id for name in node.targets if isinstance(name, ast.Name) and name.id in variables)
            texts += [(f"{name}, a text of a figure", node.value) for name in names]
    for what, text in texts:
        printed = {
            id(part)
            for spec in ast.walk(text)
            if isinstance(spec, ast.FormattedValue)
            for part in ast.walk(spec)
        }
        for part in ast.walk(text):
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and id(part) not in printed:
                for number in numbers(part.value):
                    yield (
                        part.lineno - 1,
                        f"{number!r} in {what} is typed in; let an f-string print it from the data",
                    )


def _check_markdown(
    text: str, facts: dict[str, str], claims: dict[str, str], first: int = 0
) -> Iterator[tuple[int, str]]:
    tokens = _parser().parse(text)
    for i, token in enumerate(tokens):
        start = first + (token.map[0] if token.map else 0)
        if token.type in ("fence", "colon_fence") and (name := re.match(r"\{(\S+?)\}", token.info)):
            if name[1] == "quiz":  # its question is an argument, where no link can stand
                question = token.info.partition("}")[2]
                yield from (
                    (start, f"{number!r} in a quiz question is typed in; say it without")
                    for number in numbers(question)
                )
            if name[1] not in ("code", "code-block", "code-cell", "math", "bibliography", "toctree", "raw"):
                body = re.sub(r"\A(?::[\w-]+:.*\n)+", lambda m: "\n" * m[0].count("\n"), token.content)
                yield from _check_markdown(body, facts, claims, start + 1)
        elif token.type == "inline" and (i == 0 or tokens[i - 1].type != "heading_open"):
            yield from _check_inline(token.children or [], facts, claims, start)


def _check_inline(
    children: list[Any], facts: dict[str, str], claims: dict[str, str], line: int
) -> Iterator[tuple[int, str]]:
    target, words, loose = None, "", ""
    for child in [*children, None]:
        ends_line = child is None or child.type in ("softbreak", "hardbreak")
        if child is not None and child.type == "link_open":
            target, words = str(child.attrs.get("href", "")), ""
            loose += "\x00"
        elif child is not None and child.type == "link_close":
            yield from (
                (line, message)
                for message in _check_link(target or "", " ".join(words.split()), facts, claims)
            )
            target = None
        elif child is not None and child.type == "text":
            if target is None:
                loose += child.content
            else:
                words += child.content
        elif ends_line:
            words += " "
        else:
            loose += "\x00"  # code, maths or a role: no number reaches over it
        if ends_line:
            for number in numbers(loose):
                yield line, f"{number!r} is not tied to a fact; link it: [{number}](#fact-…)"
            loose = ""
            line += 1


def _check_link(target: str, words: str, facts: dict[str, str], claims: dict[str, str]) -> Iterator[str]:
    kind, _, name = target.removeprefix("#").partition("-")
    if target.startswith("#fact-"):
        if name not in facts:
            yield f"[{words}]({target}): no notebook records a fact {name!r}"
        elif facts[name] != words:
            yield f"[{words}]({target}): the data says {facts[name]!r}"
    elif target.startswith("#claim-") and kind == "claim":
        if name not in claims:
            yield f"[{words}]({target}): claims.csv has no claim {name!r}"
        for number in numbers(words):
            if number not in claims.get(name, number):
                yield f"[{words}]({target}): {number!r} is not in the claim {claims[name]!r}"
    else:
        for number in numbers(words):
            yield f"{number!r} in a link to {target} is not tied to a fact; link it: [{number}](#fact-…)"


@cache
def _parser() -> Any:
    from markdown_it.renderer import (
        RendererHTML,  # the book's own parser; a browser that runs a chapter has none
    )
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    return create_md_parser(
        MdParserConfig(enable_extensions={"colon_fence", "dollarmath", "deflist"}), RendererHTML
    )
