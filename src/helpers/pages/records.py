"""What the pages hold, collected while Sphinx reads them: figures, tables, facts and claims by page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from helpers.chapter import matters, output
from helpers.judge import lineage

logger = logging.getLogger(__name__)


#: The lineage of a book folder, read once a build.
read = cache(lineage.read)
#: By subject how often, and when last, it was searched for: counted once a build.
searched = cache(matters.searched)


@dataclass
class Page:
    """The records of one page, in reading order."""

    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    claims: dict[str, dict[str, str]] = field(default_factory=dict)
    #: The one-sentence answer at the page's head.
    summary: str = ""
    #: How many words of running text and captions the page has.
    words: int = 0
    #: The same of each section, by its anchor.
    spoken: dict[str, int] = field(default_factory=dict)
    #: What the page lists whole: ``sources``, ``glossary``, ``data``, ``claims``, ``figures``.
    lists: set[str] = field(default_factory=set)
    #: Title, text and anchor of each section.
    sections: list[tuple[str, str, str]] = field(default_factory=list)


def pages(env: BuildEnvironment) -> dict[str, Page]:
    """Return the records of all pages read so far, by page name."""
    if not hasattr(env, "report_pages"):
        env.report_pages = defaultdict(Page)  # type: ignore[attr-defined]
    return env.report_pages  # type: ignore[attr-defined]


def keep(env: BuildEnvironment, kind: str, name: str, content: dict[str, Any]) -> None:
    """Record something under its name; warn when the book already has one of that name.

    Raises
    ------
    ExtensionError
        If the name could be no address.
    """
    check_name(name, {"figures": "fig-", "tables": "tab-"}.get(kind, ""), env.docname)
    for docname, page in pages(env).items():
        if name in getattr(page, kind):
            logger.warning(
                "%s: the name %r is used already in %s",
                env.docname,
                name,
                docname,
                type="report",
                subtype="name",
            )
    getattr(pages(env)[env.docname], kind)[name] = content


def page_of(env: BuildEnvironment, file: str | Path) -> str:
    """Return what Sphinx calls the page that a file of the book's folder would be."""
    return Path(file).relative_to(env.srcdir).with_suffix("").as_posix()


def is_page(env: BuildEnvironment, file: str) -> bool:
    """Say whether a file is a page of the book, and not only a notebook beside it."""
    return page_of(env, file) in env.found_docs


def where(env: BuildEnvironment, name: str) -> str:
    """Return the page on which a run has recorded what is called so, or nothing if none has."""
    file = read(Path(env.srcdir)).items.get(name, lineage.Item(name)).place.file
    return page_of(env, file) if file and is_page(env, file) else ""


def check_name(name: str, prefix: str, place: str) -> None:
    """Raise `ExtensionError`, which says the place, if a record's name could be no address and no file."""
    try:
        output.check_name(name, prefix)
    except ValueError as error:
        raise ExtensionError(f"{place}: {error}") from None


def home(env: BuildEnvironment, kind: str) -> str | None:
    """Return the page that lists all of a kind, or None if the book has none."""
    return next((docname for docname, page in sorted(pages(env).items()) if kind in page.lists), None)


def target(document: nodes.document, node: nodes.Element, name: str) -> None:
    """Make a node the target of ``#name``."""
    node["names"].append(name)
    document.note_explicit_target(node, node)


def just_read(env: BuildEnvironment) -> set[str]:
    """Return the pages that this build has read: all, but for a preview, which keeps what it read before."""
    return env.report_just_read  # type: ignore[attr-defined]


def _begin(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    env.report_just_read = set(docnames)  # type: ignore[attr-defined]


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    pages(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    for docname in docnames:
        if docname in pages(other):
            pages(env)[docname] = pages(other)[docname]


def setup(app: Sphinx) -> None:
    """Keep the records in step with what Sphinx reads again."""
    app.connect("env-before-read-docs", _begin)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
