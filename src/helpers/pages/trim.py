"""What a page loads and says of itself: its summary, the book's colours, and of the theme's scripts and styles what is used."""

import base64
import hashlib
import re
import shutil
from pathlib import Path
from typing import Any

import tinycss2
from docutils import nodes
from rjsmin import jsmin
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from helpers.chapter import theme
from helpers.pages import records
from helpers.pages.preview import is_preview
from helpers.settings import settings

#: Scripts and styles of the toolchain that no page here needs: live kernels, tabs, translations, the stock search.
_UNUSED = (
    "sphinx-thebe",
    "design-tabs",
    "sphinx-design.min",
    "translations.js",
    "play-solid",
    "sphinx_highlight",
    "clipboard",
    "copybutton",
    "togglebutton",
)
#: The book's own styles, which are as they should be.
_OWN = ("book.css", "colours.css")
#: What a page may load: files of the site, and nothing from any other host; no code made from strings.
_POLICY = (
    "default-src 'self' file: data: blob:; script-src 'self' file: {scripts}; style-src 'self' file: 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'self' file:"
)
#: Where a page says "auto" and the theme's script would say later what that is here, which styles the whole page a second time.
_AUTO = 'localStorage.getItem("theme") || "auto"'
_KNOWN = (
    'localStorage.getItem("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")'
)
#: What the theme's script measures for tab stops, laying the page out once for each; book.js waits until it is laid out anyway.
_MEASURED = '"pre",".nboutput > .output_area",".cell_output > .output",".jp-RenderedHTMLCommon",".pst-scrollable-table-container"'


def _summarise(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the page's answer, or else its first sentence."""
    first = next(iter(doctree.findall(nodes.paragraph)), None)
    said = " ".join(first.astext().split()).removeprefix(f"{settings().labels.answer} ") if first else ""
    records.pages(app.env)[app.env.docname].summary = re.split(r"(?<=[.?!]) ", said)[0]


def _introduce(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Give the templates the summaries of this page and of its neighbours."""
    relations = getattr(app.builder, "relations", {}).get(pagename) or (None, None, None)
    for name, neighbour in zip(("up", "prev_summary", "next_summary"), relations, strict=True):
        context[name] = records.pages(app.env)[neighbour].summary if neighbour else ""
    page = records.pages(app.env).get(pagename, records.Page())
    context["summary"] = page.summary
    if app.config.html_baseurl and page.figures:  # a shared link's picture needs a full address
        context["card"] = f"{app.config.html_baseurl.rstrip('/')}/_figures/{next(iter(page.figures))}.png"


def _trim(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Leave out scripts and styles that the page does not use."""

    def used(asset: Any) -> bool:
        body = (getattr(asset, "attributes", None) or {}).get("body") or ""
        # The kernel button's settings are added twice, and the second one is an error on every page.
        return "THEBE_JS_URL" not in body and not any(
            name in str(getattr(asset, "filename", "") or "") for name in _UNUSED
        )

    for key in ("script_files", "css_files"):
        context[key] = [asset for asset in context.get(key, []) if used(asset)]


def _write_colours(app: Sphinx) -> None:
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    (static / "colours.css").write_text(theme.css(), encoding="utf-8")


def _prune_site(app: Sphinx, exception: Exception | None) -> None:
    """Take out of the theme's styles what no page has and no script speaks of, and the files that nothing loads."""
    if exception or app.builder.name != "html" or is_preview(app):
        return
    site = Path(app.outdir)
    for pattern in (
        "**/*.map",
        "scripts/fontawesome*",
        "scripts/bootstrap*",
        "vendor",
        "locales",
        "webpack-macros.html",
        "sbt-webpack-macros.html",
    ):
        for path in (site / "_static").glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    script = site / "_static" / "scripts" / "pydata-sphinx-theme.js"
    before, measured, after = script.read_text(encoding="utf-8").partition(_MEASURED)
    if not measured:
        raise ExtensionError(f"{script.name}: expected {_MEASURED}, which the book takes out, found none")
    script.write_text(f'{before}"none"{after}', encoding="utf-8")
    own = site / "_static" / "book.js"
    own.write_text(jsmin(own.read_text(encoding="utf-8")), encoding="utf-8")
    names = ""
    for path in site.glob("**/*.html"):
        page = _guarded(path.read_text(encoding="utf-8"))
        path.write_text(page, encoding="utf-8")
        names += " ".join(re.findall(r'<\w+|\s(?:class|id)="[^"]*"', page))
    for path in (*site.glob("_static/**/*.js"), *site.glob("live/*.js")):
        names += " ".join(re.findall(r"""["'`][^"'`\n]*["'`]""", path.read_text(encoding="utf-8")))
    words = set(re.findall(r"[\w-]+", names))
    styles = {path: path.read_text(encoding="utf-8") for path in (site / "_static").rglob("*.css")}
    for _ in range(2):  # a variable may be used by others only, which the first round takes out
        used = {name for style in styles.values() for name in re.findall(r"var\(\s*(--[\w-]+)", style)}
        styles = {
            path: style if path.name in _OWN else prune(style, words | used) for path, style in styles.items()
        }
    for path, style in styles.items():
        path.write_text(_with_fonts(style, site), encoding="utf-8")


def _with_fonts(style: str, site: Path) -> str:
    """Return the book's style sheet with the fonts in it that it marks: a page's first letters are in place at first paint."""

    def inline(match: re.Match[str]) -> str:
        return f'url("data:font/woff2;base64,{base64.b64encode((site / "fonts" / match[1]).read_bytes()).decode()}")'

    return re.sub(r'url\("\.\./fonts/([\w.-]+)\?inline"\)', inline, style)


def _guarded(page: str) -> str:
    """Return a page that allows its own inline scripts, by hash, and without what highlights nothing in its code."""
    # Marks that no style speaks of: names and punctuation in code, the insides of links, a paragraph that fills a cell.
    page = re.sub(r'<span class="(?:n|p|o|w|nn|si|sa|std std-ref|std std-term)">([^<]*)</span>', r"\1", page)
    page = re.sub(r' class="(?:reference internal|row-even|row-odd|head)"', "", page)
    page = re.sub(r"<(td|th)([^>]*)><p>((?:(?!<p>).)*?)</p></\1>", r"<\1\2>\3</\1>", page, flags=re.DOTALL)
    page = re.sub(r"<span>((?:(?!</?span).)*)</span>", r"\1", page)
    page = page.replace(
        '<summary><span class="toctree-toggle"',
        '<summary aria-label="Pages of this part"><span class="toctree-toggle"',
    )
    page = page.replace(_AUTO, _KNOWN)
    # A stop for the keyboard, until book.js has seen that it does not scroll.
    page = re.sub(r'<(pre|div class="pst-scrollable-table-container")>', r'<\1 tabindex="0">', page)
    inline = re.findall(r"<script(?![^>]*(?:\ssrc=|application/))[^>]*>(.*?)</script>", page, re.DOTALL)
    hashes = sorted({base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline})
    policy = _POLICY.format(scripts=" ".join(f"'sha256-{digest}'" for digest in hashes))
    return re.sub(
        r'(<meta charset="utf-8"\s*/?>)',
        rf'\1\n<meta http-equiv="Content-Security-Policy" content="{policy}">',
        page,
        count=1,
    )


def prune(css: str, words: set[str]) -> str:
    """Return a style sheet without the rules and variables that name a class, id or variable which is not among the words."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "\n".join(filter(None, (_pruned(rule, words) for rule in rules)))


def _pruned(rule: Any, words: set[str]) -> str:
    if rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
        inside = prune(tinycss2.serialize(rule.content), words)
        return f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inside}}}" if inside else ""
    if rule.type == "at-rule" and rule.lower_at_keyword == "font-face" and "Font Awesome" in rule.serialize():
        return ""  # its files are gone
    if rule.type != "qualified-rule":
        return str(rule.serialize())
    selectors = [
        text
        for text in _split(rule.prelude)
        if all(name in words for name in re.findall(r"[.#]((?:[\w-]|\\.)+)", text))
    ]
    kept = [
        each
        for each in tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True)
        if _needed(each, words)
    ]
    body = "".join(each.serialize() + ";" for each in kept)
    return f"{','.join(selectors)}{{{body}}}" if selectors and body else ""


def _needed(declaration: Any, words: set[str]) -> bool:
    return not declaration.name.startswith("--") or declaration.name in words


def _split(prelude: list[Any]) -> list[str]:
    """Return the selectors of a list; commas inside brackets, as in ``:is(a, b)``, separate nothing."""
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part).strip() for part in parts]


def setup(app: Sphinx) -> None:
    """Register the trimming, after the theme and the toolchain have added theirs."""
    app.connect("builder-inited", _write_colours)
    app.add_css_file("colours.css")
    app.connect("doctree-read", _summarise)
    app.connect("html-page-context", _introduce)
    app.connect("html-page-context", _trim, priority=900)
    app.connect("build-finished", _prune_site, priority=900)
