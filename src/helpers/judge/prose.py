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

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from helpers.chapter import data, matters
from helpers.chapter.numbers import NUMBER, find, numbers
from helpers.files import write_whole
from helpers.judge import absence, links, places, typed
from helpers.judge.links import Known
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
#: What stands between two dollars that are money, not maths: a number and words.
_MONEY = re.compile(r"\d[\d.,]*(?:[kmb]?[–-]|,? (?=.*\b[a-z]{2,}\b)[^\\={}^_+*/]*)", re.DOTALL)
_EMPHASIS = ("em_open", "em_close", "strong_open", "strong_close")


def check(path: Path, known: Known) -> list[Problem]:
    """Return the problems of one page, a notebook or Markdown, that may link to what is known."""
    problems, page = [], list(cells(path))
    trees = {i: typed.parsed(cell.text) for i, cell in enumerate(page) if cell.kind == "code"}
    variables = typed.variables(trees.values())
    seminar = f"book/{settings().folders.seminar}/" in path.as_posix()
    for i, cell in enumerate(page):
        if cell.kind == "code":
            found = list(typed.in_code(trees[i], variables))
        else:
            text = cell.text
            if seminar:
                text = _ROOM.sub(lambda m: m[0] if m[0][0] == "[" else "x" * len(m[0]), text)
            found = [*_check_markdown(text, known), *links.verdicts(cell.text, known)]
        problems += [Problem(cell.at(line), message) for line, message in found]
    return problems


def check_book(book: Path) -> list[Problem]:
    """Return the problems of all pages of a book folder, from the facts that its notebooks have stored.

    A fact that two notebooks record under one name is a problem too, and so is a claim's note without the
    fact that it names. Where a file is no page at all, nothing else is said.
    """
    if none := list(places.broken(book)):
        return none
    facts: dict[str, str] = {}
    problems = []
    first: dict[str, Place] = {}
    for name, text, place in links.facts(book):
        if name in first:
            message = f"the fact {name!r} is recorded in {first[name]}, too; call one of them otherwise"
            problems.append(Problem(place, message))
        facts[name], first[name] = text, place
    if data.has("claims"):
        table = matters.with_status(data.load("claims"))
        claims, verdicts = (
            dict(zip(table["claim_id"], table[each], strict=True)) for each in ("claim", "verdict")
        )
        problems += links.notes(table, facts)
    else:
        claims, verdicts = {}, {}
    known = Known(facts, claims, verdicts, matters.searched())
    return [problem for path in pages(book) for problem in check(path, known)] + problems


def fix(book: Path) -> int:
    """Write into the links to facts what the data says, each page whole or not at all; return how many links.

    Each link keeps its form, and nothing else in a page changes. Left to a person are a link whose text has
    markup, a number alone whose fact no longer has exactly one, and everything that is no link.
    """
    known = {name: text for name, text, _ in links.facts(book)}
    stale: dict[Path, set[int]] = defaultdict(set)
    for problem in check_book(book):
        stale[Path(problem.place.file)].add(problem.place.line - 1)
    fixed = 0

    def said(link: re.Match[str]) -> str:
        nonlocal fixed
        new = links.form(link[1], known.get(link[2], ""))
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


def _check_markdown(text: str, known: Known, first: int = 0) -> Iterator[tuple[int, str]]:
    tokens, heading, lists = parser().parse(text), "", 0
    for i, token in enumerate(tokens):
        lists += token.type.startswith(("bullet_list", "ordered_list")) * token.nesting
        start = first + (token.map[0] if token.map else 0)
        if token.type in ("fence", "colon_fence") and (name := re.match(r"\{(\S+?)\}", token.info)):
            yield from typed.in_directive(name[1], token.info.partition("}")[2], token.content, start)
            if name[1] not in ("code", "code-block", "code-cell", "math", "bibliography", "toctree", "raw"):
                body = re.sub(r"\A(?::[\w-]+:.*\n)+", lambda m: "\n" * m[0].count("\n"), token.content)
                yield from _check_markdown(body, known, start + 1)
        elif token.type == "html_block":
            yield from typed.in_html(token.content, start)
        elif token.type == "inline" and i and tokens[i - 1].type == "heading_open":
            heading = token.content
        elif token.type == "inline":
            yield from _check_inline(token, known, start)
            unknown = bool(lists) and heading == settings().labels.unknown
            yield from absence.check(token.content, start, unknown=unknown)


def _check_inline(inline: Any, known: Known, line: int) -> Iterator[tuple[int, str]]:
    text, start, target = "", 0, ""
    spans: list[tuple[range, str]] = []
    for child in inline.children or []:
        if child.type == "link_open":
            start, target = len(text), str(child.attrs.get("href", ""))
        elif child.type == "link_close" and target.startswith(("#fact-", "#claim-")):
            words = text[start:]
            for message in links.check(target, " ".join(words.split()), known):
                yield line + text.count("\n"), message
            text = text[:start] + _OTHER + "\n" * words.count("\n")
        elif child.type == "link_close":
            spans.append((range(start, len(text)), target))
            for message in links.check(target, text[start:], known):
                yield line + text.count("\n"), message
            if re.match(r"file:|https?://(?:localhost|127\.0\.0\.1)\b|[A-Za-z]:[\\/]", target):
                yield (
                    line + text.count("\n"),
                    f"{target} leads to somebody's own machine; link to a page or an address",
                )
        elif child.type == "text":
            yield from (
                (line + text.count("\n"), fault) for fault in typed.left(child.content, inline.content)
            )
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
        what = repr(number) + "".join(f" in a link to {target}" for words, target in spans if at in words)
        yield line + text.count("\n", 0, at), f"{what} is not tied to a fact; link it: [{number}](#fact-…)"


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
