"""Numbers that are typed where no link can stand: in texts of figures, in directives, in raw HTML."""

import ast
import re
from collections.abc import Iterable, Iterator

from helpers.chapter.numbers import FIELD, find, numbers
from helpers.chapter.schema import UNSEEN
from helpers.judge import code

#: Markup that was not read as such: half a pair, or that of another dialect.
_RAW = re.compile(r"<!--|\*\*|~~|\]\[|\]\(|\] \(#|\[\[|\[!\w+\]|^#+(?=[A-Z])", re.MULTILINE)
#: In a tag of raw HTML, what a reader may be given of it.
_WORDED = r"(?:alt|title|aria-label)=[\"']([^\"']*)"
#: Directives whose argument is a text of which no part can be a link, and what it is.
_TITLED = {
    "quiz": "a quiz question",
    **dict.fromkeys(("csv-table", "list-table", "table"), "the title of a table"),
}


def parsed(text: str) -> ast.Module | SyntaxError:
    """Return the code of a cell, or what is wrong with it."""
    try:
        return code.parsed(text)
    except SyntaxError as error:
        return error


def _texts(cell: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield the texts of figures and tables: what each is, and its expression."""
    for call in ast.walk(cell):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id in ("figure", "table")
        ):
            for keyword in call.keywords:
                if keyword.arg in ("title", "caption", "alt", "note"):
                    yield f"the {keyword.arg} of a {call.func.id}", keyword.value


def variables(trees: Iterable[ast.Module | SyntaxError]) -> set[str]:
    """Return the names of what brings a text to a figure or table of a page."""
    said = (value for tree in trees if isinstance(tree, ast.Module) for _, value in _texts(tree))
    return {value.id for value in said if isinstance(value, ast.Name)}


def in_code(tree: ast.Module | SyntaxError, names: set[str]) -> Iterator[tuple[int, str]]:
    """Hold what is typed in the texts of figures and tables to the rule, also where a variable brings it."""
    if isinstance(tree, SyntaxError):
        yield (tree.lineno or 1) - 1, f"expected Python, found {tree.msg!r}; finish or take out this line"
        return
    said = list(_texts(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            found = (name.id for name in node.targets if isinstance(name, ast.Name) and name.id in names)
            said += [(f"{name}, a text of a figure", node.value) for name in found]
    for what, text in said:
        for line, typed in _typed(text):
            for number in numbers(typed):
                yield line - 1, f"{number!r} in {what} is typed in; let an f-string print it from the data"


def _typed(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and words of each string in an expression, with a field where an f-string prints a value."""
    if isinstance(node, ast.JoinedStr):
        parts = (str(part.value) if isinstance(part, ast.Constant) else FIELD for part in node.values)
        yield node.lineno, "".join(parts)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.lineno, node.value
    else:
        for part in ast.iter_child_nodes(node):
            yield from _typed(part)


def in_directive(name: str, argument: str, content: str, line: int) -> Iterator[tuple[int, str]]:
    """Hold to the rule what a directive says where no link can stand, and name what would escape the rule."""
    options = re.match(r"\A(?::[\w-]+:.*\n?)*", content)
    given = dict(re.findall(r"(?m)^:([\w-]+):[ \t]*(.*)$", options[0] if options else ""))
    said = {_TITLED.get(name, ""): argument}
    said |= {f"the option {key} of {name}": given[key] for key in ("alt", "caption") if key in given}
    for what, text in said.items():
        for number in numbers(text) if what else []:
            yield line, f"{number!r} in {what} is typed in; say it without"
    if name == "include" or (name.endswith("-table") and {"file", "url"} & given.keys()):
        yield line, f"{{{name}}} brings what no rule is held to; write it here, or show rows by table(…)"
    if name == "raw" and argument.strip() == "html":
        yield from in_html(content, line + 1)


def left(text: str, source: str) -> Iterator[str]:
    """Yield what of a text would be shown raw, unless its source escapes it, and signs that nobody sees.

    Examples
    --------
    >>> list(left("[a page][none]", "[a page][none]"))
    ["'][' would be shown as it is; finish or take out this markup"]
    """
    for found in dict.fromkeys(_RAW.findall(text)):
        if f"\\{found[0]}" not in source:
            yield f"{found!r} would be shown as it is; finish or take out this markup"
    for found in dict.fromkeys(re.findall(UNSEEN, text)):
        yield f"{found!r} is a sign that nobody sees; take it out"


def in_html(text: str, line: int) -> Iterator[tuple[int, str]]:
    """Hold the words of raw HTML to the rule, alternative texts too; a link to a fact is no link there."""
    if opened := re.search(r"<!--(?!.*?-->)", text, re.DOTALL):
        yield (
            line + text.count("\n", 0, opened.start()),
            "'<!--' hides what follows; end the comment with -->",
        )
    plain = re.sub(r"<!--.*?-->|<(script|style)\b.*?</\1>", _blanked, text, flags=re.DOTALL | re.IGNORECASE)
    plain = re.sub(r"<[^>]*>", lambda tag: _blanked(tag, _WORDED), plain, flags=re.DOTALL)
    for at, number in find(plain):
        what = f"{number!r} in raw HTML is not tied to a fact; write it in Markdown, with a link to one"
        yield line + plain.count("\n", 0, at), what


def _blanked(found: re.Match[str], kept: str = "(?!)") -> str:
    """Return white space of the same length, but for the words that a reader is given, in their places."""
    spans = [words.span(1) for words in re.finditer(kept, found[0])]
    return "".join(
        letter if letter == "\n" or any(start <= i < end for start, end in spans) else " "
        for i, letter in enumerate(found[0])
    )
