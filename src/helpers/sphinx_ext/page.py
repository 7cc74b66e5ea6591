"""What a page loads: the book's colours, and of the theme's scripts and styles what is used."""

import re
import shutil
from pathlib import Path
from typing import Any

import tinycss2
from sphinx.application import Sphinx

from helpers import theme

#: Scripts and styles of the toolchain that no page here needs: live kernels, tabs, translations.
_UNUSED = ("sphinx-thebe", "design-tabs", "sphinx-design.min", "translations.js", "play-solid")


def _trim(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Leave out scripts and styles that the page does not use."""

    def used(asset: Any) -> bool:
        body = (getattr(asset, "attributes", None) or {}).get("body") or ""
        # The kernel button's settings are added twice, and the second one is an error on every page.
        return "THEBE_JS_URL" not in body and not any(name in str(getattr(asset, "filename", "") or "") for name in _UNUSED)

    for key in ("script_files", "css_files"):
        context[key] = [asset for asset in context.get(key, []) if used(asset)]


def _write_colours(app: Sphinx) -> None:
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    (static / "colours.css").write_text(theme.css(), encoding="utf-8")


def _prune_site(app: Sphinx, exception: Exception | None) -> None:
    """Take out of the theme's styles what no page and no script speaks of, and the files that nothing loads."""
    if exception or app.builder.name != "html":
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
    texts = [path.read_text(encoding="utf-8") for pattern in ("**/*.html", "_static/**/*.js") for path in site.glob(pattern)]
    words = set(re.findall(r"[\w-]+", "".join(texts)))
    for path in (site / "_static").rglob("*.css"):
        path.write_text(prune(path.read_text(encoding="utf-8"), words), encoding="utf-8")


def prune(css: str, words: set[str]) -> str:
    """Return a style sheet without the rules whose selectors name a class or id that is not among the words."""
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
    selectors = [text for text in _split(rule.prelude) if all(name in words for name in re.findall(r"[.#]((?:[\w-]|\\.)+)", text))]
    return f"{','.join(selectors)}{{{tinycss2.serialize(rule.content).strip()}}}" if selectors else ""


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
    app.connect("html-page-context", _trim, priority=900)
    app.connect("build-finished", _prune_site, priority=900)
