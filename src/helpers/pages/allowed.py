"""What pages may load and contain: whatever an author writes or a cell prints is held against it.

The site has a policy, `trim.POLICY`, by which a browser loads nothing from elsewhere and runs no script that
is not the page's own; and `trim.UNUSED` leaves out styles and scripts of the toolchain. What Sphinx would
take and a reader would then miss is named with its page and line, and the build turns that into an error.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from helpers.pages import trim

logger = logging.getLogger(__name__)

#: Attributes by which a browser loads what they name, whatever the element; ``href`` does so on a few.
_LOADS = ("src", "srcset", "poster", "data", "background", "action", "formaction", "xlink:href")
_LOADING_LINKS = ("link", "use", "image", "base")
_REMOTE = re.compile(r"(?:^|[\s,(\"'])((?:https?:)?//[^\s,)\"']+)")
#: Elements that the policy forbids wherever their content lies.
_FORBIDDEN = ("object", "embed", "applet", "base")
#: Types of scripts that a browser runs, or that tell machines about a page.
_KNOWN_TYPES = (
    "",
    "module",
    "text/javascript",
    "application/javascript",
    "application/json",
    "application/ld+json",
)
_INSTEAD = "pages load nothing from elsewhere: put a copy beside the page, or link to it"


class _Held(HTMLParser):
    """Collects what of a piece of HTML a page cannot show, with the line in the piece, counted from 0."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[tuple[int, str]] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Hold an element against what pages may load and contain."""
        given = {name: value or "" for name, value in attrs}
        for name, value in given.items():
            loads = name in _LOADS or (name == "href" and tag in _LOADING_LINKS)
            if (loads or name == "style") and (remote := _REMOTE.search(f" {value}" if loads else value)):
                self._say(f"<{tag}> loads {remote[1]}; {_INSTEAD}")
            if name.startswith("on"):
                self._say(f"<{tag}> has the script {name}=…, which no page runs; leave it out")
            if name in ("href", "src") and value.strip().lower().startswith("javascript:"):
                self._say(f"<{tag}> leads to a script, which no page runs; leave it out")
        if tag in _FORBIDDEN:
            self._say(f"<{tag}> is shown by no page; use an image, a link or a figure")
        if tag == "script" and (kind := given.get("type", "").lower()) not in _KNOWN_TYPES:
            self._say(f"<script type={kind!r}> is run by no page; end the cell in figure(…) or table(…)")
        for fault in dead(given.get("class", "").split()):
            self._say(fault)
        self._in_script = tag == "script"

    def handle_data(self, data: str) -> None:
        """Hold the text of a script against the addresses that it names."""
        if self._in_script and (remote := re.search(r"https?://(?!www\.w3\.org)[^\s\"'`]+", data)):
            self._say(f"<script> loads {remote[0]}; end the cell in figure(…) or table(…)")
        self._in_script = False

    def _say(self, fault: str) -> None:
        self.faults.append((self.getpos()[0] - 1, fault))


def faults(html: str) -> Iterator[tuple[int, str]]:
    """Yield what of a piece of HTML a page cannot show: the line in the piece, counted from 0, and why.

    Examples
    --------
    >>> [fault for _, fault in faults('<img src="https://example.org/a.png">')]  # doctest: +ELLIPSIS
    ['<img> loads https://example.org/a.png; pages load nothing from elsewhere: ...']
    """
    held = _Held()
    held.feed(html)
    held.close()
    yield from dict.fromkeys(held.faults)


def dead(classes: list[str]) -> Iterator[str]:
    """Yield why the looks that classes ask for are on no page."""
    for asset, (pattern, instead) in trim.UNUSED.items():
        if pattern and (found := next((name for name in classes if re.fullmatch(pattern, name)), None)):
            yield f"{found!r} has no look here, {asset} is on no page; {instead}"


def _hold(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Warn of what a page cannot show; of what a cell leaves only that of which the page is made is left."""
    said: set[tuple[int | None, str]] = set()
    for node in doctree.findall(nodes.Element):
        for line, fault in _faults(node):
            reason = (line, fault.partition(" ")[2])  # tabs are many parts with one reason
            if reason not in said:
                said.add(reason)
                where = (docname, line) if line else docname
                logger.warning("%s", fault, location=where, type="report", subtype="allowed")


def _faults(node: nodes.Element) -> Iterator[tuple[int | None, str]]:
    first = next((each.line for each in _upward(node) if getattr(each, "line", None)), None)
    if isinstance(node, nodes.raw) and "html" in node.get("format", ""):
        # A node's line is that on which its text begins, but for what a cell has printed.
        yield from ((first + line if first else None, fault) for line, fault in faults(node.astext()))
    elif isinstance(node, nodes.image) and (remote := _REMOTE.search(f" {node.get('uri', '')}")):
        yield first, f"the image {remote[1]} is shown by no page; {_INSTEAD}"
    else:
        yield from ((first, fault) for fault in dead(node.get("classes", [])))


def _upward(node: Any) -> Iterator[Any]:
    while node is not None:
        yield node
        node = node.parent


def _hold_assets(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Warn of what options of the book or an extension would put on every page, and no browser would load."""
    if doctree is None or pagename != app.config.root_doc:
        return
    for asset in [*context.get("script_files", []), *context.get("css_files", [])]:
        name = str(getattr(asset, "filename", asset) or "")
        body = (getattr(asset, "attributes", None) or {}).get("body") or ""
        for remote in _REMOTE.findall(f" {name}") or re.findall(r"[\"'](https?://[^\"']+)", body):
            logger.warning(
                "_config.yml: an option or extension loads %s on every page; %s",
                remote, "pages load nothing from elsewhere: take it out", type="report", subtype="allowed",
            )  # fmt: skip


def setup(app: Sphinx) -> None:
    """Register the checks: of each page, and once of what all pages load."""
    app.connect("doctree-resolved", _hold, priority=1)  # before the toolchain adds scripts of its own
    app.connect("html-page-context", _hold_assets, priority=950)  # after what is left out has gone
