"""What a page loads: its colours, and of scripts and styles those that it uses."""

import base64
import hashlib
import re
import shutil
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from pygments.lexers.python import PythonLexer
from pygments.token import Token
from sphinx.application import Sphinx

from helpers.chapter import theme
from helpers.live import packages
from helpers.pages import markup, sheets
from helpers.pages.previewed import is_preview

#: Scripts and styles of the toolchain that no page has, by the head of their names: with the classes that ask
#: for them, if an author can write such, and what to write instead.
UNUSED = {
    "sphinx-thebe": ("thebe.*", "each notebook's page has a switch that runs it"),
    "design-tabs": ("sd-tab-.*", "write headings one below the other"),
    "sphinx-design.min": (
        "sd-(?!tab-|octicon|material).*",
        "write a list, an admonition or a table",
    ),
    "scripts/fontawesome": (r"fa[bsrl]?|fa-.*", "write the word"),
    "translations.js": ("", ""),
    "play-solid": ("", ""),
    "sphinx_highlight": ("", ""),
    "clipboard": ("", ""),
    "copybutton": ("", ""),
    "togglebutton": (r"toggle(?:-hidden|-shown)?", "give an admonition the class dropdown"),
}
#: What scripts of the toolchain that no page has would be told in each page. Thebe's is an error there.
_TOLD = ("THEBE_JS_URL", "toggleHint", "toggleOpenOnPrint", "togglebuttonSelector")
#: The script that scripts within a page go on from: a few words, which a page need not fetch.
_AT_ONCE = "documentation_options.js"
#: What a page may load: files of the site, and nothing from any other host; no code made from strings.
POLICY = (
    "default-src 'self' file: data: blob:; script-src 'self' file: {scripts}; "
    "style-src 'self' file: 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self' file:"
)
#: Files of the toolchain that nothing loads.
_UNLOADED = (
    "**/*.map",
    "scripts/bootstrap*",
    "vendor",
    "locales",
    "webpack-macros.html",
    "sbt-webpack-macros.html",
)
#: Whose styles and scripts pages have, and hand on with their licences.
_MAKERS = ("pydata-sphinx-theme", "sphinx", "sphinx-book-theme")


class _Python(PythonLexer):
    """Python without the marks that both styles leave as they are: half of all letters of a page's code."""

    _PLAIN = (
        *(Token.Name, Token.Name.Namespace, Token.Operator, Token.Punctuation, Token.Text.Whitespace),
        *(Token.String.Affix, Token.String.Interpol),
    )

    def get_tokens_unprocessed(self, *given: Any) -> Iterator[tuple[int, Any, str]]:
        """Yield what the code consists of: where it stands, its kind, its text."""
        for at, kind, text in super().get_tokens_unprocessed(*given):
            command = kind is Token.Error and text in "!?"  # a line for the notebook alone: !ls, load?
            yield at, Token.Text if kind in self._PLAIN or command else kind, text


def _trim(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Leave out scripts and styles that the page does not use, and what it says twice."""

    def used(asset: Any) -> bool:
        body = (getattr(asset, "attributes", None) or {}).get("body") or ""
        file = str(getattr(asset, "filename", "") or "")
        return not any(told in body for told in _TOLD) and not any(name in file for name in UNUSED)

    for key in ("script_files", "css_files"):
        context[key] = [asset for asset in context.get(key, []) if used(asset)]
    for script in context["script_files"]:  # a page shows before its scripts are there
        if getattr(script, "filename", None) and _AT_ONCE not in script.filename:
            script.attributes["defer"] = "defer"
    # The theme says how wide a page is; docutils says it again.
    context["metatags"] = re.sub(r'\s*<meta name="viewport"[^>]*>', "", context.get("metatags") or "")


def _write_colours(app: Sphinx) -> None:
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    (static / "colours.css").write_text(f"{theme.css()}{markup.marks()}\n", encoding="utf-8")


def _finish(app: Sphinx, exception: Exception | None) -> None:
    """Guard the pages of the site, and leave out what none of them loads or shows."""
    if exception or app.builder.name != "html" or is_preview(app):
        return
    site, static = Path(app.outdir), Path(app.outdir) / "_static"
    # By it Sphinx would know what to build again; it names folders of this machine. A site is built whole.
    (site / ".buildinfo").unlink(missing_ok=True)
    for pattern in (*_UNLOADED, *(f"{name}*" for name in UNUSED)):
        for path in static.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name in _MAKERS:
        for file in filter(packages.is_licence, distribution(name).files or []):
            (static / f"{name}-licence.txt").write_bytes(file.read_binary())
    words: set[str] = set()
    pages = list(site.rglob("*.html"))
    at_once = f"<script>{(static / _AT_ONCE).read_text(encoding='utf-8')}</script>"
    (static / _AT_ONCE).unlink()
    for path in pages:
        page = path.read_text(encoding="utf-8")
        page = re.sub(rf'<script src="[^"]*/{_AT_ONCE}[^>]*></script>', lambda _: at_once, page)
        page = _guarded(page)
        path.write_text(page, encoding="utf-8")
        words.update(*map(str.split, re.findall(r'\s(?:class|id)="([^"]*)"', page)))
    for path in (*static.rglob("*.js"), *site.glob("live/*.js")):
        words.update(re.findall(r"[\w-]+", path.read_text(encoding="utf-8")))
    sheets.tidy(site, pages, words)


def _guarded(page: str) -> str:
    """Return a page that allows, of scripts in it, its own by their hashes, and nothing from elsewhere."""
    inline = re.findall(r"<script(?![^>]*(?:\ssrc=|application/))[^>]*>(.*?)</script>", page, re.DOTALL)
    hashes = sorted({base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline})
    policy = POLICY.format(scripts=" ".join(f"'sha256-{digest}'" for digest in hashes))
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return re.sub(r'(<meta charset="utf-8"\s*/?>)', rf"\1\n{meta}", page, count=1)


def setup(app: Sphinx) -> None:
    """Register the trimming, after the theme and the toolchain have added theirs."""
    app.add_lexer("python", _Python)
    app.connect("builder-inited", _write_colours)
    app.add_css_file("colours.css")
    app.connect("html-page-context", _trim, priority=900)
    app.connect("build-finished", _finish, priority=900)
