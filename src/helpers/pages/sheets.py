"""The style sheets of a site: of the toolchain's what pages use, and all of them as one."""

import base64
import hashlib
import re
from collections.abc import Iterable
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import tinycss2

#: The book's own styles, which are as they should be; pages without the theme have these alone.
_OWN = ("book.css", "colours.css")
#: A sheet that every page with the theme has, and the sheet that such pages have in the end.
_THEMES, _WHOLE = "styles/pydata-sphinx-theme.css", "site.css"
#: Rules of a style sheet that hold others, and say nothing without them.
_CONDITIONS = ("media", "supports", "container")
#: What asks for a sheet, in a page and in another sheet.
_LINK = re.compile(
    r'<link\b(?=[^>]*\srel="stylesheet")(?![^>]*\smedia=)[^>]*\shref="((?:\.\./)*)_static/([^"?]+)[^>]*>'
)
_IMPORT = re.compile(r'@import "([^"]+)";')


def tidy(site: Path, pages: Iterable[Path], words: set[str]) -> None:
    """Take out of a site's styles what no page or script names, put fonts into them, and make one of them.

    ``words`` are the classes, ids and variables that pages and scripts name.
    """
    static = site / "_static"
    styles = {path: path.read_text(encoding="utf-8") for path in static.rglob("*.css")}
    for _ in range(2):  # a variable may be used by others only, which the first round takes out
        used = {name for style in styles.values() for name in re.findall(r"var\(\s*(--[\w-]+)", style)}
        styles = {
            path: style if path.name in _OWN else prune(style, words | used) for path, style in styles.items()
        }
    for path, style in styles.items():
        path.write_text(_with_fonts(style, site), encoding="utf-8")
    _join(static, {path: path.read_text(encoding="utf-8") for path in pages})


def _with_fonts(style: str, site: Path) -> str:
    """Return a style sheet with the fonts that it marks in it: letters are there at first paint."""

    def inline(match: re.Match[str]) -> str:
        font = base64.b64encode((site / "fonts" / match[1]).read_bytes()).decode()
        return f'url("data:font/woff2;base64,{font}")'

    return re.sub(r'url\("\.\./fonts/([\w.-]+)\?inline"\)', inline, style)


def _join(static: Path, pages: dict[Path, str]) -> None:
    """Put one sheet in the place of all that pages with the theme ask for.

    Before its first letter a page waits for each of its sheets, and twice for one that asks for another.
    """
    asked = {path: [link[2] for link in _LINK.finditer(page)] for path, page in pages.items()}
    asked = {path: names for path, names in asked.items() if _THEMES in names}
    order: list[str] = []
    for names in asked.values():
        for before, name in pairwise(["", *names]):
            if name not in order:  # what few pages have keeps its place among what all have
                order.insert(order.index(before) + 1 if before else 0, name)
    joined: set[Path] = set()
    whole = "\n".join(_read(static / name, joined) for name in order)
    (static / _WHOLE).write_text(whole, encoding="utf-8")
    version = hashlib.sha256(whole.encode()).hexdigest()[:8]
    for path in asked:
        path.write_text(_asking(pages[path], f"{_WHOLE}?v={version}"), encoding="utf-8")
    for sheet in joined:
        if sheet.name not in _OWN:
            sheet.unlink()
    for folder in {sheet.parent for sheet in joined}:
        if not any(folder.iterdir()):
            folder.rmdir()


def _asking(page: str, name: str) -> str:
    """Return a page that asks for one sheet where it first asked for any, and for no other."""
    links = iter([f'<link rel="stylesheet" href="{{}}_static/{name}" />'])
    return _LINK.sub(lambda old: next(links, "").format(old[1]), page)


def _read(sheet: Path, joined: set[Path]) -> str:
    """Return a sheet with those that it asks for in it, and remember which they are."""
    joined.add(sheet)
    style = sheet.read_text(encoding="utf-8")
    return _IMPORT.sub(lambda found: _read((sheet.parent / found[1]).resolve(), joined), style)


def prune(css: str, words: set[str]) -> str:
    """Return a style sheet without what asks for classes, ids or variables that are not among the words."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "\n".join(filter(None, (_pruned(rule, words) for rule in rules)))


def _pruned(part: Any, words: set[str]) -> str:
    """Return a rule or declaration as far as it is needed; what this does not know stays as it is."""
    if part.type == "error":
        return ""  # a browser passes over it, too
    if part.type == "declaration":
        needed = not part.name.startswith("--") or part.name in words
        return f"{part.serialize()};" if needed else ""
    if part.type == "qualified-rule":
        selectors = [
            tinycss2.serialize(each).strip() for each in _split(part.prelude) if _can_match(each, words)
        ]
        return _block(",".join(selectors), part, words) if selectors else ""
    if part.lower_at_keyword in _CONDITIONS and part.content is not None:
        return _block(f"@{part.at_keyword}{tinycss2.serialize(part.prelude)}", part, words)
    return "" if _is_icon_font(part) else str(part.serialize())


def _block(head: str, rule: Any, words: set[str]) -> str:
    """Return a head with what is needed of a rule's body, be it declarations or rules; or nothing."""
    parts = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    body = "".join(_pruned(part, words) for part in parts)
    return f"{head}{{{body}}}" if body else ""


def _can_match(selector: list[Any], words: set[str]) -> bool:
    """Whether all classes and ids of a selector are among the words.

    Of the alternatives in brackets one is enough; what ``:not()`` names may well be absent.
    """
    named = (token.value for before, token in pairwise([None, *selector]) if _is_name(before, token))
    brackets = (
        token.arguments for token in selector if token.type == "function" and token.lower_name != "not"
    )
    return all(name in words for name in named) and all(
        any(_can_match(each, words) for each in _split(alternatives)) for alternatives in brackets
    )


def _is_name(before: Any, token: Any) -> bool:
    return token.type == "hash" or (token.type == "ident" and before == ".")


def _split(tokens: list[Any]) -> list[list[Any]]:
    """Return the members of a list with commas; brackets are members, whatever is in them."""
    grouped = groupby(tokens, key=lambda token: token.type == "literal" and token.value == ",")
    return [list(part) for comma, part in grouped if not comma]


def _is_icon_font(rule: Any) -> bool:
    """Whether a rule asks for the theme's icon fonts, whose files are gone."""
    return rule.lower_at_keyword == "font-face" and "Font Awesome" in rule.serialize()
