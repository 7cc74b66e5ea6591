"""From a page of the book to the slides of a deck, as HTML for reveal.js.

A figure, a table or a list is a slide, or as many as it needs; what the page says around it becomes the speaker's notes. A
section without any shows how its paragraphs begin. Code stays behind.
"""

import copy
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from bs4 import Tag

from helpers.settings import settings

#: Parts of a page that no room needs, and those that only its teacher does.
LEFT_OUT, TEACHER = ("Evidence", "The whole list"), ("Plan", "Where it tends to go wrong", "For other groups")
#: Width and height in pixels that a slide has for a drawing below its title, and beside it.
ROOMS = {"below": (1168, 470), "beside": (800, 660)}
#: What fits a slide: lines, and letters in a line of a list and in a row of a table. Tables of more rows stay in the book.
LINES, LETTERS, ROW, LONGEST = 12, 80, 80, 10
#: Letters that a point of a list has at least, and all points together, before the rest is left to the notes.
POINT, POINTS = 90, 400


def slides(article: Tag, figures: dict[str, Tag]) -> Iterator[str]:
    """Yield the slides of a page, in its order."""
    parts = {words(part.h2): part for part in article.select("h1 ~ section")}
    asides = [
        *article.select("h1 ~ .admonition li"),
        *(block for title in TEACHER if title in parts for block in _blocks(parts[title])),
    ]
    answer = words(article.select("h1 + p")[0]).removeprefix(f"<strong>{settings().labels.answer}</strong>")
    yield _slide(f"<h1>{words(article.h1)}</h1><p>{answer}</p>", asides, 'class="opening"')
    for claims in article.select("table.claims"):
        yield from _table(settings().labels.claims_slide, [claims], [])
    for title, part in parts.items():
        if title == "Ask, and what to expect":
            yield from _asked(part, figures)
        elif title == "Questions and exercises":
            yield from _points("Questions for the room", part.select("ol:first-of-type > li"), [])
        elif title == "Outcomes":
            yield from _points("After the session you can", part.select("li"), [])
        elif title not in (*LEFT_OUT, *TEACHER):
            yield from _told(re.sub("^To print: the (.)", lambda match: match[1].upper(), title), part)


def _told(title: str, part: Tag) -> Iterator[str]:
    """Yield a section's figures, tables and lists, with its text as notes; or else the first sentences of its paragraphs."""
    before: list[Tag] = []
    shows: list[tuple[str, list[Tag], list[Tag]]] = []  # a kind, what the room sees, what is said of it
    for kind, group in groupby(_blocks(part), key=lambda block: block.name):
        blocks, said = list(group), shows[-1][2] if shows else before
        if kind in ("p", "h3") or any(
            "for the teacher" in block.get_text() for block in said if block.name == "h3"
        ):
            said.extend(blocks)
        else:
            shows += [(kind, blocks, [])] if kind == "li" else [(kind, [block], []) for block in blocks]
    if shows:
        shows[0][2][:0] = before
    elif before:
        shows = [("li", [block for block in before if block.name == "p"], [])]
    for kind, seen, said in shows:
        yield from {"figure": _figure, "table": _table, "li": _points}[kind](title, seen, said)


def _asked(part: Tag, figures: dict[str, Tag]) -> Iterator[str]:
    """Yield each question to a class, with what to expect as notes, and after it the figures that the answer needs."""
    shown: set[str] = set()
    for block in _blocks(part):
        if block.name == "table":
            yield from _points(
                "To judge", block.select("td:first-child"), [block]
            )  # the other columns have the answers
        elif block.name == "p" and block.strong:
            question = words(block.strong).removesuffix(".")
            yield _slide(f"<h2>{question}</h2>", [block], 'class="question"')
            for name in [str(link["href"]).partition("#")[2] for link in block.select('a[href*="#fig-"]')]:
                if name not in shown:
                    yield from _figure(question, [figures[name]], [])
                shown.add(name)


def _figure(title: str, seen: list[Tag], said: list[Tag]) -> Iterator[str]:
    """Yield a figure with its finding as title, as large as the slide lets it be: below the title, or beside it."""
    drawing, (finding, caption, source) = seen[0].select(".chart-picture")[0], seen[0].find_all("p")
    height = float(str(drawing.svg["height"])) + 39 * int(str(drawing["style"]).removeprefix("--controls:"))  # type: ignore[index]
    scales = {kind: min(width / 640, high / height) for kind, (width, high) in ROOMS.items()}
    kind = max(scales, key=lambda kind: scales[kind])
    publishers = re.split(r"\. (?:Unit|Span|Data|Note):", words(source))[0].split("; ")
    few = "; ".join(publishers[:3]) + (
        f"; {len(publishers) - 3} more in the book" if len(publishers) > 3 else ""
    )
    yield _slide(
        f'<div class="words"><p class="kicker">{title}</p><h2>{words(finding)}</h2><p class="caption">{words(caption)}</p></div>\n'
        f'<div class="frame" style="--scale:{scales[kind]:.3f};--height:{height:.0f}px">{drawing}</div>\n<p class="source">{few}</p>',
        [caption, *said, source],
        f'class="figure {kind}" id="{seen[0]["id"]}"',
    )


def _table(title: str, seen: list[Tag], said: list[Tag]) -> Iterator[str]:
    """Yield a table's rows on as many slides as they need; of a claim only verdict and status, with the reasons as notes."""
    head, *rows = _cells(seen[0])
    caption = seen[0].select(".caption-text")
    top = f'<p class="kicker">{title}</p><h2>{words(caption[0])}</h2>' if caption else f"<h2>{title}</h2>"
    brief = (
        [[re.sub(r"(</span>).*", r"\1", cell) for cell in row] for row in rows]
        if "claims" in seen[0]["class"]
        else rows
    )
    for run in _runs([0.4 + 0.75 * -(-len(_plain("".join(row))) // ROW) for row in brief]):
        body = "".join(f"<tr><td>{'</td><td>'.join(brief[i])}</td></tr>\n" for i in run)
        html = f"{top}<table><thead><tr><th>{'</th><th>'.join(head)}</th></tr></thead>\n<tbody>{body}</tbody></table>"
        yield _slide(html, [*(" · ".join(rows[i]) for i in run), *(said if run[0] == 0 else [])])


def _points(title: str, seen: list[Tag], said: list[Tag]) -> Iterator[str]:
    """Yield the beginnings of points as a list on as many slides as they need, numbered ones whole, with the whole as notes."""
    numbered = any(block.find_parent("ol") for block in seen)
    least = LINES * LETTERS if numbered else max(POINT, POINTS // (len(seen) or 1))
    points = [_beginning(words(block), least) for block in seen]
    for run in _runs([0.5 + -(-len(_plain(text)) // LETTERS) for text in points]):
        kind = f'ol start="{run[0] + 1}"' if numbered else "ul"
        items = "".join(f"<li>{points[i]}</li>\n" for i in run)
        yield _slide(
            f"<h2>{title}</h2>\n<{kind}>\n{items}</{kind[:2]}>",
            [*(seen[i] for i in run), *(said if run[0] == 0 else [])],
        )


def _beginning(text: str, least: int) -> str:
    """Return as many sentences as it takes to have so many letters."""
    said = ""
    for sentence in re.split(r"(?:(?<=[.?!])|(?<=[.?!][”)]))\s+(?=[A-Z“<])", text):
        if len(_plain(said)) < least:
            said += f" {sentence}"
    return said.strip()


def _runs(lines: list[float]) -> list[list[int]]:
    """Return the numbers of items in runs that each fit a slide, about equally full."""
    slides, total = -(-sum(lines) // LINES), sum(lines)
    middles = [(sum(lines[:i]) + lines[i] / 2) / total for i in range(len(lines))]
    return [list(run) for _, run in groupby(range(len(lines)), key=lambda i: int(middles[i] * slides))]


def _slide(body: str, notes: Iterable[Tag | str], marks: str = "") -> str:
    said = "".join(f"<p>{note if isinstance(note, str) else _spoken(note)}</p>\n" for note in notes)
    return f'<section {marks}>\n<div class="sheet">\n{body}\n</div>\n<aside class="notes">{said}</aside>\n</section>\n'


def _spoken(block: Tag) -> str:
    return "<br>".join(" · ".join(row) for row in _cells(block)) if block.name == "table" else words(block)


def _cells(table: Tag) -> list[list[str]]:
    return [[words(cell) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]


def _blocks(part: Tag) -> list[Tag]:
    """Return what a section says and shows, piece by piece; not tables for which a room has no patience."""
    pieces = part.select("p:not(.chart-source), li, h3, figure, table")
    return [
        p
        for p in pieces
        if not p.find_parent(["li", "figure", "table"]) and len(p.find_all("tr")) <= LONGEST + 1
    ]


def _plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def words(tag: Tag | None) -> str:
    """Return running text as HTML: numbers that stand on data are marked, other links and shells are gone."""
    tag = copy.copy(tag)
    assert tag
    for aside in tag.select(".aside"):
        aside.decompose()
    for fact in tag.select('a[href*="#fact-"]'):
        fact.name, fact.attrs = "b", {}
    for shell in tag.select("a, p, span:not([class*=badge])"):
        shell.unwrap()
    return tag.decode_contents().strip()
