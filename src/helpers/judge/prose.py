"""The check that every number in prose is tied to a fact.

What counts as a number stands at the head of ``helpers.chapter.numbers``. Each needs a link to a fact. Its
words are the fact's text, ``[1,168 ships](#fact-ships-peak)``, or, if that has exactly one number,
the number alone, with its minus sign and its word of scale, ``[1,168](#fact-ships-peak)``. Exempt are

- headings, code, maths, roles, and the reading time;
- on a page of the seminar, what is said of the room: clock times, minutes, people, groups, sheets of paper;
- a number inside a link to a claim, if the claim itself has it.

Sentences that say that something was not found are held against the searches: see `helpers.judge.absence`.

The words of every other link are judged in their sentence. The same rule holds for the title, caption, alt
text and note of ``figure`` and ``table`` calls: their numbers come from the data through an f-string. A
claim's notes are data with a source of their own; the facts that they print, in either form, stand in the
claim's column ``facts``.
"""

import ast
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from helpers.chapter import data, matters, output
from helpers.chapter.numbers import FIELD, NUMBER, find, numbers
from helpers.files import write_whole
from helpers.judge import absence, code
from helpers.judge.places import Place, Problem, cells, pages
from helpers.settings import settings

_ROOM = re.compile(
    r"\[[^\]]*\]\(#fact-[^)]*\)"  # a link to a fact stays what it is
    r"|\b\d{1,2}:\d{2}(?:[–-]\d{1,2}:\d{2})?\b"
    r"|\b\d+(?:[–-]\d+)?[ -](?:minutes?|people|participants|students|groups?|copies|pages?|sheets?|points?)\b"
)
# A link to a fact whose text has no markup, escape or quotation mark: safe to rewrite in a page or notebook.
_PLAIN = r"[^\[\]*_`\\$\"<>]+"
_FACT_LINK = re.compile(rf"(?<!`)\[({_PLAIN})\]\(#fact-([\w-]+)\)")
#: What stands in a sentence for code, maths, a role, or a link to a fact or claim: no number reaches over it.
_OTHER = "\N{OBJECT REPLACEMENT CHARACTER}"
#: In a tag of raw HTML, what a reader may be given of it.
_WORDED = r"(?:alt|title|aria-label)=[\"']([^\"']*)"
#: What stands between two dollars that are money, not maths: a number and words.
_MONEY = re.compile(r"\d[\d.,]*(?:[kmb]?[–-]|,? (?=.*\b[a-z]{2,}\b)[^\\={}^_+*/]*)", re.DOTALL)
#: Directives whose argument is a text of which no part can be a link, and what it is.
_TITLED = {
    "quiz": "a quiz question",
    **dict.fromkeys(("csv-table", "list-table", "table"), "the title of a table"),
}
_EMPHASIS = ("em_open", "em_close", "strong_open", "strong_close")


class Known(NamedTuple):
    """What a page may link to: facts and claims with their words by name, and the subjects of searches."""

    facts: dict[str, str]
    claims: dict[str, str]
    searches: Collection[str]


def check(
    path: Path, facts: dict[str, str], claims: dict[str, str], searches: Collection[str] = ()
) -> list[Problem]:
    """Return the problems of one page.

    Parameters
    ----------
    path
        A notebook or a Markdown page.
    facts
        The text of each fact of the book, by name.
    claims
        What each claim says, by id.
    searches
        The subjects of the searches.
    """
    problems, page, known = [], list(cells(path)), Known(facts, claims, searches)
    trees = {i: _parsed(cell.text) for i, cell in enumerate(page) if cell.kind == "code"}
    texts = (value for tree in trees.values() if isinstance(tree, ast.Module) for _, value in _texts(tree))
    variables = {value.id for value in texts if isinstance(value, ast.Name)}
    for i, cell in enumerate(page):
        text, code = cell.text, cell.kind == "code"
        if f"book/{settings().folders.seminar}/" in path.as_posix() and not code:
            text = _ROOM.sub(lambda m: m[0] if m[0][0] == "[" else "x" * len(m[0]), text)
        found = _check_code(trees[i], variables) if code else _check_markdown(text, known)
        problems += [Problem(cell.at(line), message) for line, message in found]
    return problems


def broken(book: Path) -> Iterator[Problem]:
    """Yield what makes a file of a book folder none of its pages, its name among it."""
    for path in pages(book):
        if strange := re.search(r"[^A-Za-z0-9._/-]", path.relative_to(book).as_posix()):
            message = (
                "expected a file's name of plain letters, digits and hyphens, since pages are called like it"
            )
            yield Problem(Place(str(path)), f"{message}; found {strange[0]!r}")
        yield from (Problem(Place(str(path), line), fault) for line, fault in _broken(path))


def _broken(path: Path) -> Iterator[tuple[int, str]]:
    """Yield what makes a file no page: a merge left open, a notebook that is cut off or written as text."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        yield line, f"expected UTF-8, found the byte {error.object[error.start]:#04x}; save the file as UTF-8"
        return
    if text.startswith("\ufeff"):
        yield 1, "expected UTF-8 without a byte-order mark, found one; save the file without it"
        return
    marks = list(re.finditer(r"^(?:<{7}|>{7}|\|{7}) ", text, re.MULTILINE))
    for mark in marks:
        line = text.count("\n", 0, mark.start()) + 1
        yield line, f"expected one text, found {mark[0].strip()!r}, the mark of a merge; settle it"
    if path.suffix == ".ipynb":
        try:
            content = json.loads(text)
            if isinstance(content, dict) and "worksheets" in content:
                yield (
                    1,
                    "expected a notebook of format 4, found an older one; `rerun` renews it",
                )
                return
            whole = all("source" in cell and "cell_type" in cell for cell in content["cells"])
        except (ValueError, LookupError, TypeError, RecursionError):
            whole = False
        if not whole and not marks:
            yield 1, "expected a notebook, found none (is the file cut off?)"
    elif re.match(r"---\n(?:(?!---\n).*\n)*?(?:file_format: mystnb|jupytext:|kernelspec:)", text):
        yield (
            1,
            "expected a page or a notebook, found a notebook as text; save it as .ipynb",
        )


def facts(book: Path) -> list[tuple[str, str, Place]]:
    """Return name, text and place of each fact that the notebooks of a book folder have stored."""
    return [
        (fact["name"], fact["text"], cell.at(0))
        for path in pages(book)
        for cell in cells(path)
        for fact in cell.stored(output.FACT)
    ]


def check_book(book: Path) -> list[Problem]:
    """Return the problems of all pages of a book folder, from the facts that its notebooks have stored.

    A fact that two notebooks record under one name is a problem too, and so is a claim's note without the
    fact that it names. Where a file is no page at all, nothing else is said.
    """
    if none := list(broken(book)):
        return none
    known: dict[str, str] = {}
    problems = []
    first: dict[str, Place] = {}
    for name, text, place in facts(book):
        if name in first:
            message = f"the fact {name!r} is recorded in {first[name]}, too; call one of them otherwise"
            problems.append(Problem(place, message))
        known[name], first[name] = text, place
    table = matters.with_status(data.load("claims")) if data.has("claims") else None
    claims = {} if table is None else dict(zip(table["claim_id"], table["claim"], strict=True))
    searches = matters.searched()
    for path in pages(book):
        problems += check(path, known, claims, searches)
        if table is not None:
            problems += check_verdicts(path, dict(zip(table["claim_id"], table["verdict"], strict=True)))
    return [*problems, *([] if table is None else check_notes(table, known))]


def form(words: str, text: str) -> str:
    """Return what a link with these words must print of a fact: its only number, if they are one, or all.

    Examples
    --------
    >>> form("850", "851 ships"), form("850 ships", "851 ships"), form("356", "357 of 365 days")
    ('851', '851 ships', '357 of 365 days')
    """
    found = numbers(text)
    return found[0] if len(found) == 1 and NUMBER.fullmatch(words) else text


def printed(text: str, note: str) -> str | None:
    """Return the form in which a note prints a fact, its text or its only number; ``None`` if in neither."""
    whole = re.search(rf"(?<![\d.,]){re.escape(text)}(?!\d|[.,]\d)", note)
    return text if whole else next((each for each in numbers(note) if each == form(each, text)), None)


def fix(book: Path) -> int:
    """Write into the links to facts what the data says, each page whole or not at all; return how many links.

    Each link keeps its form, and nothing else in a page changes. Left to a person are a link whose text has
    markup, a number alone whose fact no longer has exactly one, and everything that is no link.
    """
    known = {name: text for name, text, _ in facts(book)}
    stale: dict[Path, set[int]] = defaultdict(set)
    for problem in check_book(book):
        stale[Path(problem.place.file)].add(problem.place.line - 1)
    fixed = 0

    def said(link: re.Match[str]) -> str:
        nonlocal fixed
        new = form(link[1], known.get(link[2], ""))
        lost = NUMBER.fullmatch(link[1]) and not NUMBER.fullmatch(new)
        if new == link[1] or lost or not re.fullmatch(_PLAIN, new):
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
    """Hold the notes of claims and their matters against the facts that they name: one prints each fact."""
    for line, claim in claims[claims["facts"].notna()].iterrows():
        place = Place("data/claims.csv", line)
        notes = " ".join(claim[["verdict_note", "status_note"]].dropna())
        for name in claim["facts"].split():
            here = f"the note of {claim['claim_id']}"
            if name not in facts:
                yield Problem(place, f"{here}: no notebook records a fact {name!r}; {near(name, facts)}")
            elif printed(facts[name], notes) is None:
                digits = r"\d[\d,.]*"
                old = re.search(digits.join(map(re.escape, re.split(digits, facts[name]))), notes)
                said = old[0] if old else notes
                yield Problem(place, f"{here} says {said!r}: the data says {facts[name]!r}")


def check_verdicts(path: Path, verdicts: dict[str, str]) -> Iterator[Problem]:
    """Hold what a page says of a claim, "[the claim](#claim-c07) is imprecise", against its verdict by id."""
    said = re.compile(rf"\]\(#claim-([\w-]+)\) is ({'|'.join(map(re.escape, {*verdicts.values()}))})\b")
    for cell in cells(path):
        for found in said.finditer(cell.text) if cell.kind == "markdown" else ():
            claim, word = found.groups()
            if word != verdicts.get(claim, word):
                message = f"{claim} is called {word}: its verdict is {verdicts[claim]!r}"
                yield Problem(cell.at(cell.text.count("\n", 0, found.start())), message)


def near(name: str, names: Iterable[str]) -> str:
    """Return words that tell which names are like one that is not among them."""
    alike = get_close_matches(name, list(names), n=5)
    return f"near it: {', '.join(alike)}" if alike else "no name is near it"


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


def _parsed(text: str) -> ast.Module | SyntaxError:
    try:
        return code.parsed(text)
    except SyntaxError as error:
        return error


def _check_code(tree: ast.Module | SyntaxError, variables: set[str]) -> Iterator[tuple[int, str]]:
    """Hold what is typed in the texts of figures and tables to the rule, also where a variable brings it."""
    if isinstance(tree, SyntaxError):
        yield (tree.lineno or 1) - 1, f"expected Python, found {tree.msg!r}; finish or take out this line"
        return
    texts = list(_texts(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            names = (name.id for name in node.targets if isinstance(name, ast.Name) and name.id in variables)
            texts += [(f"{name}, a text of a figure", node.value) for name in names]
    for what, text in texts:
        for line, typed in _typed(text):
            for number in numbers(typed):
                yield line - 1, f"{number!r} in {what} is typed in; let an f-string print it from the data"


def _typed(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and words of each string in an expression, with a field where an f-string prints a value."""
    if isinstance(node, ast.JoinedStr):
        parts = (str(part.value) if isinstance(part, ast.Constant) else FIELD for part in node.values)
        yield node.lineno, "".join(parts)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.lineno, node.value
    else:
        for part in ast.iter_child_nodes(node):
            yield from _typed(part)


def _check_markdown(text: str, known: Known, first: int = 0) -> Iterator[tuple[int, str]]:
    tokens, heading, lists = parser().parse(text), "", 0
    for i, token in enumerate(tokens):
        lists += token.type.startswith(("bullet_list", "ordered_list")) * token.nesting
        start = first + (token.map[0] if token.map else 0)
        if token.type in ("fence", "colon_fence") and (name := re.match(r"\{(\S+?)\}", token.info)):
            yield from _check_directive(name[1], token.info.partition("}")[2], token.content, start)
            if name[1] not in ("code", "code-block", "code-cell", "math", "bibliography", "toctree", "raw"):
                body = re.sub(r"\A(?::[\w-]+:.*\n)+", lambda m: "\n" * m[0].count("\n"), token.content)
                yield from _check_markdown(body, known, start + 1)
        elif token.type == "html_block":
            yield from _check_html(token.content, start)
        elif token.type == "inline" and i and tokens[i - 1].type == "heading_open":
            heading = token.content
        elif token.type == "inline":
            yield from _check_inline(token.children or [], known, start)
            unknown = bool(lists) and heading == settings().labels.unknown
            yield from absence.check(token.content, start, unknown=unknown)


def _check_directive(name: str, argument: str, content: str, line: int) -> Iterator[tuple[int, str]]:
    """Hold to the rule what a directive says where no link can stand, and name what would escape the rule."""
    options = re.match(r"\A(?::[\w-]+:.*\n?)*", content)
    given = dict(re.findall(r"(?m)^:([\w-]+):[ \t]*(.*)$", options[0] if options else ""))
    said = {_TITLED.get(name, ""): argument}
    said |= {f"the option {key} of {name}": given[key] for key in ("alt", "caption") if key in given}
    for what, text in said.items():
        for number in numbers(text) if what else []:
            yield line, f"{number!r} in {what} is typed in; say it without"
    if name == "include" or (name.endswith("-table") and {"file", "url"} & given.keys()):
        yield line, f"{{{name}}} brings what no rule is held to; write it here, or show rows by table(…)"
    if name == "raw" and argument.strip() == "html":
        yield from _check_html(content, line + 1)


def _check_html(text: str, line: int) -> Iterator[tuple[int, str]]:
    """Hold the words of raw HTML to the rule, alternative texts too; a link to a fact is no link there."""
    plain = re.sub(r"<!--.*?-->|<(script|style)\b.*?</\1>", _blanked, text, flags=re.DOTALL | re.IGNORECASE)
    plain = re.sub(r"<[^>]*>", lambda tag: _blanked(tag, _WORDED), plain, flags=re.DOTALL)
    for at, number in find(plain):
        what = f"{number!r} in raw HTML is not tied to a fact; write it in Markdown, with a link to one"
        yield line + plain.count("\n", 0, at), what


def _blanked(found: re.Match[str], kept: str = "(?!)") -> str:
    """Return white space of the same length, but for the words that a reader is given, in their places."""
    spans = [words.span(1) for words in re.finditer(kept, found[0])]
    return "".join(
        letter if letter == "\n" or any(start <= i < end for start, end in spans) else " "
        for i, letter in enumerate(found[0])
    )


def _check_inline(children: list[Any], known: Known, line: int) -> Iterator[tuple[int, str]]:
    text, start, target = "", 0, ""
    links: list[tuple[range, str]] = []
    for child in children:
        if child.type == "link_open":
            start, target = len(text), str(child.attrs.get("href", ""))
        elif child.type == "link_close" and target.startswith(("#fact-", "#claim-")):
            words = text[start:]
            for message in _check_link(target, " ".join(words.split()), known):
                yield line + text.count("\n"), message
            text = text[:start] + _OTHER + "\n" * words.count("\n")
        elif child.type == "link_close":
            links.append((range(start, len(text)), target))
            for message in _check_link(target, text[start:], known):
                yield line + text.count("\n"), message
        elif child.type == "text":
            text += child.content
        elif child.type in ("softbreak", "hardbreak"):
            text += "\n"
        elif child.type == "math_inline" and _MONEY.fullmatch(child.content):
            yield (
                line + text.count("\n"),
                f"'${child.content}$' would be shown as maths; write \\$ for a dollar",
            )
        elif child.type == "image":
            for number in numbers(child.content):
                message = f"{number!r} in an alternative text is typed in; say it without"
                yield line + text.count("\n"), message
            text += _OTHER
        elif child.type not in _EMPHASIS:
            text += _OTHER
    for at, number in find(text):
        what = repr(number) + "".join(f" in a link to {target}" for words, target in links if at in words)
        yield line + text.count("\n", 0, at), f"{what} is not tied to a fact; link it: [{number}](#fact-…)"


def _check_link(target: str, words: str, known: Known) -> Iterator[str]:
    if not target.startswith("#"):
        return
    facts, claims = known.facts, known.claims
    kind, _, name = target.removeprefix("#").partition("-")
    if kind == "search" and name not in known.searches:
        yield f"[{words}]({target}): searches.csv has no search on {name!r}; {near(name, known.searches)}"
    elif kind == "fact" and name not in facts:
        yield f"[{words}]({target}): no notebook records a fact {name!r}; {near(name, facts)}"
    elif kind == "fact" and words != form(words, facts[name]):
        yield f"[{words}]({target}): the data says {form(words, facts[name])!r}"
    elif kind == "claim" and name not in claims:
        yield f"[{words}]({target}): claims.csv has no claim {name!r}; {near(name, claims)}"
    elif kind == "claim":
        said = numbers(claims[name].lower())
        for number in numbers(words):
            if number.lower() not in said:
                yield f"[{words}]({target}): {number!r} is not in the claim {claims[name]!r}"


@cache
def parser() -> Any:
    """Return the parser of the book's Markdown."""
    # Imported here because a browser that runs a chapter has none.
    from markdown_it.renderer import RendererHTML
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    return create_md_parser(
        MdParserConfig(enable_extensions={"colon_fence", "dollarmath", "deflist"}), RendererHTML
    )
