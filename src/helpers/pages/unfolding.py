"""``{unfolding}``: a text read again, each claim marked by its verdict, beside a picture that builds up.

The body is Markdown with a numbered list: an item is a paragraph of the text that makes the claims, and a
link to ``#claim-…`` marks the words that make one. The picture has a mark for each claim and a box for each
matter, which a script shows as a reader comes to its paragraph; without a script, and for who wants no
motion, all of it is there at once.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from helpers.chapter import data, matters, theme
from helpers.pages import markup, records
from helpers.pages.elements import PASSED_OVER
from helpers.pages.evidence import number, searches
from helpers.pages.markup import sentence
from helpers.settings import settings

Claim = dict[str, Any]

#: Drawn in ten by ten: verdicts have them in the order of the settings, for who sees no colour.
SHAPES = [
    "M1 5a4 4 0 1 1 8 0a4 4 0 1 1-8 0Z",
    "M1 5a4 4 0 1 1 8 0a4 4 0 1 1-8 0ZM5 2.3v5.4a2.7 2.7 0 0 0 0-5.4Z",
    "M1 5a4 4 0 1 1 8 0a4 4 0 1 1-8 0ZM2.3 5a2.7 2.7 0 1 0 5.4 0a2.7 2.7 0 1 0-5.4 0Z",
    "M2.2 .8 5 3.6 7.8 .8 9.2 2.2 6.4 5 9.2 7.8 7.8 9.2 5 6.4 2.2 9.2 .8 7.8 3.6 5 .8 2.2Z",
    "M5 .2 9.8 5 5 9.8 .2 5ZM5 2.4 2.4 5 5 7.6 7.6 5Z",
    "M1.2 1.2h7.6v7.6h-7.6Z",
]
#: Between the lines of what a reader sees who points at a claim; the script breaks them there.
BREAK = " | "
#: Pixels of the picture: its width, the column of words in it, a row, and what stands between parts.
WIDTH, WORDS, ROW, GAP = 340, 102, 20, 8


class verdict_key(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """Which mark is which verdict."""


class board(nodes.General, nodes.Element):  # noqa: N801
    """The picture; ``claims`` has the id of each claim of the text and the number of its paragraph."""


@dataclass(frozen=True)
class Verdict:
    """How a verdict is drawn; ``live`` where the page draws it once, in its key."""

    word: str
    path: str
    colour: str
    live: bool


@dataclass(frozen=True)
class Mark:
    """A claim or a matter in the picture: where it stands, what it says, where it leads, when it shows."""

    x: float
    y: float
    colour: str
    step: int
    text: str = ""
    title: str = ""
    href: str = ""
    verdict: Verdict | None = None


class Unfolding(SphinxDirective):
    """The text with its key before it and its picture behind it."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return a box of the three; refuse a body without the list."""
        text = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, text)
        paragraphs = next(iter(text.findall(nodes.enumerated_list)), None)
        if paragraphs is None:
            raise self.error("unfolding: expected a numbered list, whose items are the text's paragraphs")
        steps = enumerate(paragraphs.children, paragraphs.get("start", 1))
        claims = [(name, step) for step, item in steps for name in map(_claim, _links(item)) if name]
        box = nodes.container("", verdict_key(), *text.children, board(claims=claims), classes=["unfolding"])
        return [box]


def _links(node: nodes.Element) -> list[nodes.reference]:
    return list(node.findall(nodes.reference))


def _claim(link: nodes.reference) -> str:
    """Return the id of the claim that a link leads to, or nothing."""
    target = link.get("refid") or link.get("refuri", "").rpartition("#")[2]
    return str(target).removeprefix("claim-") if target.startswith("claim-") else ""


def verdicts(*, live: bool) -> dict[str, Verdict]:
    """Return how each verdict is drawn, in the order of the settings."""
    colours = _colours(theme.verdicts()).items()
    return {
        word: Verdict(word, SHAPES[i % len(SHAPES)], colour, live) for i, (word, colour) in enumerate(colours)
    }


def _colours(scale: Any) -> dict[str, str]:
    """Return the colours of verdicts or statuses by their words."""
    described = scale.to_dict()
    return dict(zip(described["domain"], described["range"], strict=True))


def _claims() -> dict[str, Claim]:
    """Return every claim with the status of its matter, by id."""
    table = matters.with_status(data.load("claims"))
    known = table.astype(object).where(table.notna(), "").set_index("claim_id", drop=False)
    return {str(name): dict(claim) for name, claim in known.iterrows()}


def note(claim: Claim, chapter: str) -> str:
    """Return what a reader sees who points at a claim: verdict and reason, what came of it, where to go."""
    lines = [f"Claim {number(claim['claim_id'])}: {claim['verdict']}", sentence(claim["verdict_note"])]
    if claim["status_now"]:
        day = f", {claim['status_date']}" if claim["status_date"] else ""
        found = searches(claim)
        status = f"{_words(claim['status_now'])}{day}{found and f', {found}'}"
        lines.append(f"{settings().labels.status}: {status}. {sentence(claim['status_note'])}")
    if chapter:
        lines.append(f"→ {chapter}")
    return BREAK.join(lines)


def _words(status: str) -> str:
    return status.replace("-", " ")


def _homes(app: Sphinx) -> dict[str, str]:
    """Return the page that judges each claim."""
    return {name: docname for docname, page in records.pages(app.env).items() for name in page.claims}


def _decorate(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give each link to a claim in the text its verdict's colour and mark, and its explanation as a title."""
    texts = [box for box in doctree.findall(nodes.container) if "unfolding" in box["classes"]]
    if not texts:
        return
    claims, homes, drawn = _claims(), _homes(app), verdicts(live=_is_live(app))
    for link in (link for text in texts for link in _links(text)):
        if (claim := claims.get(_claim(link))) is None:
            continue
        home, verdict = homes.get(claim["claim_id"]), claim["verdict"]
        link["classes"] += ["badge-verdict", f"is-{verdict}"]
        link["reftitle"] = note(claim, app.env.titles[home].astext() if home else "")
        mark = markup.render("mark", mark=drawn[verdict]).strip()
        _append(link, nodes.raw("", _plain(app, mark), format="html"))
        link += nodes.inline("", f" ({verdict})", classes=["visually-hidden"])


def _append(link: nodes.reference, mark: nodes.raw) -> None:
    """Put a mark behind the last word of a link, on the same line."""
    *_, text = link.findall(nodes.Text)
    before, space, word = text.rpartition(" ")
    text.parent.replace(
        text, [nodes.Text(before + space), nodes.inline("", word, mark, classes=["one-line"])]
    )


def _is_live(app: Sphinx) -> bool:
    """Say whether pages of the site are made, and not an edition for paper or an e-book."""
    return bool(app.builder.name == "html")


def _plain(app: Sphinx, html: str) -> str:
    """Return HTML with the colours' variables alone for the site, in plain light colours for paper."""
    return re.sub(r"var\((--rb-[\w-]+), #\w+\)", r"var(\1)", html) if _is_live(app) else theme.literal(html)


def _visit_key(self: Any, node: verdict_key) -> None:
    app = self.builder.app
    marks = verdicts(live=_is_live(app)).values()
    self.body.append(_plain(app, markup.render("key", label=settings().labels.verdict, marks=marks)))
    raise nodes.SkipNode


def _visit_board(self: Any, node: board) -> None:
    app, here = self.builder.app, getattr(self.builder, "current_docname", "")
    live = _is_live(app)
    homes, listed = _homes(app), records.home(app.env, "matters")

    def address(page: str | None, anchor: str) -> str:
        return f"{app.builder.get_relative_uri(here, page)}#{anchor}" if live and page else ""

    def of_claim(claim: Claim) -> str:
        return address(homes.get(claim["claim_id"]), f"claim-{claim['claim_id']}")

    def of_matter(claim: Claim) -> str:
        return address(listed, f"matter-{claim['matter_id']}") or of_claim(claim)

    known = _claims()
    claims = [(known[name], step) for name, step in node["claims"] if name in known]
    made, top = skyline(claims, of_claim, verdicts(live=live))
    boxes, heads, height = stacks(claims, of_matter, top + 3 * GAP + ROW)
    labels = settings().labels
    html = markup.render(
        "board",
        labels=[(ROW - 6, labels.verdict), (top + 2 * GAP + ROW - 6, labels.status)],
        claims=made,
        matters=boxes,
        heads=heads,
        size=(WIDTH, height, WORDS, ROW),
        paper=theme.paper,
    )
    self.body.append(_plain(app, html))
    raise nodes.SkipNode


def skyline(
    claims: list[tuple[Claim, int]], address: Callable[[Claim], str], drawn: dict[str, Verdict]
) -> tuple[list[Mark], float]:
    """Return a mark for each claim, those of a paragraph upon each other, and how far down they reach."""
    steps = [step for _, step in claims]
    tallest = max(map(steps.count, steps), default=0)
    apart = min(14, WIDTH / max(steps, default=1))
    floor, made = ROW + GAP + apart * tallest, []
    for i, (claim, step) in enumerate(claims):
        x, y = (step - 1) * apart, floor - apart * (1 + steps[:i].count(step))
        title = f"{sentence(claim['claim'])} {claim['verdict'].capitalize()}."
        verdict = drawn[claim["verdict"]]
        made.append(Mark(x, y, verdict.colour, step, title=title, href=address(claim), verdict=verdict))
    return made, floor


def stacks(
    claims: list[tuple[Claim, int]], address: Callable[[Claim], str], top: float
) -> tuple[list[Mark], list[Mark], float]:
    """Return a box for each matter, stacked by status, the words beside them, and how far down they reach."""
    first: dict[str, tuple[Claim, int]] = {}
    for claim, step in claims:
        if claim["status_now"]:
            first.setdefault(claim["matter_id"], (claim, step))
    names = dict(data.load("matters")[["matter_id", "matter"]].to_numpy()) if first else {}
    boxes, heads, y = [], [], top
    for status, colour in _colours(theme.statuses()).items():
        found = [(name, *each) for name, each in first.items() if each[0]["status_now"] == status]
        for row, (name, claim, step) in enumerate(found):
            title = f"{names[name]}: {_words(status)}"
            place = (WORDS, y + row * ROW, colour, step)
            boxes.append(Mark(*place, text=str(names[name]), title=title, href=address(claim)))
        if found:
            heads.append(Mark(0, y, colour, found[0][2], text=_words(status)))
            y += len(found) * ROW + GAP
    return boxes, heads, y


def _load(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Put styles and script on the pages that have such a text."""
    if doctree is not None and app.builder.name == "html" and any(doctree.findall(board)):
        app.add_css_file("unfolding.css", priority=700)
        app.add_js_file("unfolding.js", priority=700, loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the directive, its nodes and what marks the claims."""
    app.add_node(verdict_key, html=(_visit_key, None), text=PASSED_OVER, latex=PASSED_OVER)
    app.add_node(board, html=(_visit_board, None), text=PASSED_OVER, latex=PASSED_OVER)
    app.add_directive("unfolding", Unfolding)
    app.connect("doctree-resolved", _decorate)
    app.connect("html-page-context", _load)
