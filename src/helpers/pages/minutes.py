"""``{minutes}`chapters/*```: how long pages take to read, counted from their words.

Running text, titles and captions count; tables, code, exercises' solutions and evidence do not.
"""

from fnmatch import fnmatch

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from helpers.pages import records

#: Words that a reader takes in a minute.
PACE = 220
#: What stands beside the running text, by its class.
_APART = {"evidence", "claims-box", "dropdown", "solution"}


class duration(nodes.Inline, nodes.TextElement):  # noqa: N801 - docutils names nodes in lower case
    """A time that is known once all pages are read; ``pages`` is a pattern of their names."""


class Minutes(SphinxRole):
    """The time of a page, or of all whose name fits a pattern."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the place of the time."""
        return [duration(pages=self.text)], []


def words(document: nodes.document) -> int:
    """Return how many words of running text, titles and captions a page has."""
    read = document.findall(lambda node: isinstance(node, nodes.paragraph | nodes.caption))
    return sum(len(node.astext().split()) for node in read if not _is_apart(node))


def _is_apart(node: nodes.Node) -> bool:
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.table) or _APART & set(node.get("classes", [])):
            return True
    return False


def said(count: int) -> str:
    """Return how long a reader takes over so many words, from an hour and a half in half hours.

    Examples
    --------
    >>> said(90), said(1540), said(30_000)
    ('1 minute', '7 minutes', '2½ hours')
    """
    minutes = max(1, round(count / PACE))
    if minutes < 90:
        return f"{minutes} minute{'s' if minutes > 1 else ''}"
    halves = round(minutes / 30)
    return f"{halves // 2}{'½' if halves % 2 else ''} hours"


def _count(app: Sphinx, doctree: nodes.document) -> None:
    records.pages(app.env)[app.env.docname].words = words(doctree)


def _tell(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for place in list(doctree.findall(duration)):
        pages = records.pages(app.env).items()
        counted = [page.words for name, page in pages if fnmatch(name, place["pages"])]
        place.replace_self(nodes.inline("", said(sum(counted)), classes=["minutes"]))


def setup(app: Sphinx) -> None:
    """Register the role and the count of every page."""
    app.add_node(duration)
    app.add_role("minutes", Minutes())
    app.connect("doctree-read", _count)
    app.connect("doctree-resolved", _tell)
