"""What ``_config.yml`` asks for and no page would follow: each option with its line and what to do instead.

Jupyter Book passes over an option that it does not know, and `config` sets some for every book; an author
would miss without a word what they have asked for.
"""

from collections.abc import Iterator
from difflib import get_close_matches

import yaml
from sphinx.application import Sphinx
from sphinx.util import logging

from helpers.pages import config
from helpers.settings import settings

logger = logging.getLogger(__name__)

NAME = "_config.yml"
#: What a book may say, as ways from the top; below an option of its own anything stands.
_FOLLOWED = (
    "only_build_toc_files", "exclude_patterns", "logo", "bibtex_bibfiles", "bibtex_reference_style",
    "execute.execute_notebooks", "execute.stderr_output", "html.favicon", "html.announcement",
    "parse.myst_enable_extensions", "parse.myst_url_schemes",
    "sphinx.extra_extensions", "sphinx.local_extensions", "sphinx.recursive_update",
)  # fmt: skip
#: Where options of Sphinx, of its extensions and of the theme stand.
_SPHINX, _THEME = "sphinx.config.", "sphinx.config.html_theme_options."
#: Options that hold options.
_FOLDERS = ("execute", "html", "parse", "sphinx", _SPHINX[:-1], _THEME[:-1])
#: The options of the theme that pages follow.
_LOOKS = ("announcement", "logo", "search_bar_text", "show_prev_next", "toc_title")
_TOML = "book.toml says it, as {} under [book]"
_NOTHING = "pages load nothing from elsewhere; take it out"
#: What to do instead, by the way or its beginning.
_INSTEAD = {
    "title": _TOML.format("title"),
    "project": _TOML.format("title"),
    "author": _TOML.format("authors"),
    "copyright": _TOML.format("copyright"),
    "html.baseurl": _TOML.format("address"),
    "html.extra_footer": _TOML.format("licences"),
    "html.use_": _TOML.format("repository"),
    "repository": _TOML.format("repository"),
    "html.analytics": _NOTHING,
    "html.google_analytics_id": _NOTHING,
    "html.comments": _NOTHING,
    "html.home_page_in_navbar": "the book's name above the contents leads there; take it out",
    "launch_buttons": "name the hubs in live_launch, below sphinx and config",
    "execute": "`python -m helpers rerun` runs the notebooks; take it out",
    "latex": "`python -m helpers pdf` prints the pages themselves; take it out",
    "parse.myst_substitutions": "write the words where they stand, so that their numbers are judged",
}
#: Values by which nothing is asked for.
_NONE = ("", "false", "no", "off", "null", "~")


def faults(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield line and message of each option in the text of a ``_config.yml`` that no page would follow.

    Examples
    --------
    >>> list(faults("html:\n  favicon: a.svg\n  extra_footer: x\n"))
    [(3, 'html.extra_footer: no page follows it; book.toml says it, as licences under [book]')]
    """
    try:
        whole = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        yield line, f"expected YAML: {error.problem}"
        return
    except yaml.YAMLError as error:
        yield 1, f"expected YAML: {' '.join(str(error).split())}"
        return
    if whole is not None and not isinstance(whole, yaml.MappingNode):
        yield 1, f"expected options and their values, found {whole.value!r}"
        return
    for way, line, value in _options(whole) if whole else ():
        if fault := _fault(way, value):
            yield line, f"{way}: {fault}"


def _options(node: yaml.MappingNode, above: str = "") -> Iterator[tuple[str, int, yaml.Node | None]]:
    """Yield way, line and value of each option; one that stands twice a second time without a value."""
    seen: set[str] = set()
    for key, value in node.value:
        way, line = f"{above}{key.value}", key.start_mark.line + 1
        if way in seen:
            yield way, line, None
        seen.add(way)
        if way in _FOLDERS and isinstance(value, yaml.MappingNode):
            yield from _options(value, f"{way}.")
        else:
            yield way, line, value


def _fault(way: str, value: yaml.Node | None) -> str | None:
    """Return what is wrong with an option, if anything is."""
    if value is None:
        return "expected it once, found it again"
    said = value.value if isinstance(value, yaml.ScalarNode) else None
    if way == "execute.execute_notebooks" and said not in ("off", "false"):
        return f"expected off, since `python -m helpers rerun` runs the notebooks; found {said!r}"
    if way == "parse.myst_enable_extensions" and "substitution" in (
        [each.value for each in value.value] if isinstance(value, yaml.SequenceNode) else []
    ):
        return f"expected no substitution: {_INSTEAD['parse.myst_substitutions']}"
    if way.startswith(_THEME):
        name = way.removeprefix(_THEME)
        return None if name in _LOOKS else f"no page follows it; what pages follow: {', '.join(_LOOKS)}"
    if way.startswith(_SPHINX):
        name = way.removeprefix(_SPHINX)
        return f"no page follows it; {config.fixed()[name]}" if name in config.fixed() else None
    if way in (*_FOLLOWED, *_FOLDERS) or (said is not None and said.lower() in _NONE):
        return None
    instead = next((words for begin, words in _INSTEAD.items() if way.startswith(begin)), None)
    if instead is None:
        near = get_close_matches(way, [*_FOLLOWED, *_INSTEAD])
        instead = f"there is no such option; near it: {', '.join(near) or 'none'}"
    return f"no page follows it; {instead}"


def check() -> Iterator[str]:
    """Yield a line for each such option of the book that is worked on."""
    try:
        text = (settings().root / NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        yield f"{NAME}: expected the options of Jupyter Book, found none; `new book` shows what they are"
    else:
        yield from (f"{NAME}:{line}: {fault}" for line, fault in faults(text))


def _hold(app: Sphinx) -> None:
    """Warn of each; the build turns warnings into errors."""
    for fault in check():
        logger.warning("%s", fault, type="report", subtype="option")


def setup(app: Sphinx) -> None:
    """Register the check."""
    app.connect("builder-inited", _hold)
