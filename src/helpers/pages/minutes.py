"""``{minutes}`chapters/*```: how long pages take to read, counted from their words.

Running text, titles and captions count; tables, code, exercises' solutions and evidence do not.
``{aloud}`page page#section` `` says how long it takes to read pages, or sections of them, to a room.
"""

from fnmatch import fnmatch

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from helpers.pages import records

logger = logging.getLogger(__name__)
#: Words that a reader takes in a minute, and that a room is given.
PACE, ALOUD = 220, 130
#: What stands beside the running text, by its class.
_APART = {"evidence", "claims-box", "dropdown", "solution"}


class duration(nodes.Inline, nodes.TextElement):  # noqa: N801 - docutils names nodes in lower case
    """A time that is known once all pages are read; ``pages`` is what the role named ``kind`` has of them."""


class Minutes(SphinxRole):
    """The time of all pages whose name fits a pattern; aloud, of pages and sections by their names."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the place of the time."""
        return [duration(pages=self.text, kind=self.name)], []


def words(part: nodes.Element) -> int:
    """Return how many words of running text, titles and captions a page or a section has."""
    read = part.findall(lambda node: isinstance(node, nodes.paragraph | nodes.caption))
    return sum(len(node.astext().split()) for node in read if not _is_apart(node))


def _is_apart(node: nodes.Node) -> bool:
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.table) or _APART & set(node.get("classes", [])):
            return True
    return False


def said(count: int, pace: int = PACE) -> str:
    """Return how long so many words take at a pace, from an hour and a half in half hours.

    Examples
    --------
    >>> said(90), said(1540), said(30_000), said(390, ALOUD)
    ('1 minute', '7 minutes', '2½ hours', '3 minutes')
    """
    minutes = max(1, round(count / pace))
    if minutes < 90:
        return f"{minutes} minute{'s' if minutes > 1 else ''}"
    halves = round(minutes / 30)
    return f"{halves // 2}{'½' if halves % 2 else ''} hours"


def _count(app: Sphinx, doctree: nodes.document) -> None:
    page = records.pages(app.env)[app.env.docname]
    page.words = words(doctree)
    page.spoken = {section["ids"][0]: words(section) for section in doctree.findall(nodes.section)}


def _aloud(app: Sphinx, name: str) -> int:
    """Return how many words a page, or a section of one, has to be read aloud."""
    docname, _, section = name.partition("#")
    page = records.pages(app.env).get(docname, records.Page())
    count = page.spoken.get(section, 0) if section else page.words
    if not count:
        logger.warning("aloud: expected a page or section, found %r", name, type="report", subtype="aloud")
    return count


def _tell(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for place in list(doctree.findall(duration)):
        if place["kind"] == "aloud":
            time = said(sum(_aloud(app, name) for name in place["pages"].split()), ALOUD)
        else:
            pages = records.pages(app.env).items()
            time = said(sum(page.words for name, page in pages if fnmatch(name, place["pages"])))
        place.replace_self(nodes.inline("", time, classes=["minutes"]))


def setup(app: Sphinx) -> None:
    """Register the role and the count of every page."""
    app.add_node(duration)
    app.add_role("minutes", Minutes())
    app.add_role("aloud", Minutes())
    app.connect("doctree-read", _count)
    app.connect("doctree-resolved", _tell)
