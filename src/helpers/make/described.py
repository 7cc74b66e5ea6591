"""What a PDF says to those who do not see it, and Chromium leaves out.

That is of links, of pictures, of lists, of what only decorates a page, and of itself.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from helpers.settings import settings

if TYPE_CHECKING:
    import pikepdf


#: In the content of a page the lines between which a part of the text stands; and elsewhere what paints:
#: letters, lines and areas, a picture. Chromium writes an operator a line.
_EDGES = re.compile(rb"(^[^\n]*(?:BDC|BMC)\n|^EMC\n)", re.MULTILINE)
_PAINTS = re.compile(
    rb"^BT\n.*?^ET\n|^(?:(?:[^\n]* )?(?:m|l|c|v|y|re|h)\n)+(?:f\*?|S|s|B\*?|b\*?)\n|^/\w+ Do\n",
    re.MULTILINE | re.DOTALL,
)


def describe(printed: "pikepdf.Pdf", words: Mapping[str, str]) -> None:
    """Give a tagged PDF what its standard for access, PDF/UA-1, asks for.

    Parameters
    ----------
    printed
        The file, which is changed.
    words
        For each place or address that links lead to, what they say.
    """
    import pikepdf  # only this edition needs it

    for page in printed.pages:
        page.contents_coalesce()
        drawn: Any = page.Resources.get("/XObject", pikepdf.Dictionary())
        tagged = {name.encode() for name, part in drawn.items() if "/StructParents" in part}
        page.Contents.write(decorated(page.Contents.read_bytes(), tagged))
        for mark in page.get("/Annots", []):
            if mark.Subtype == "/Link":
                target = str(mark.Dest)[1:] if "/Dest" in mark else str(mark.A.URI)
                mark.Contents = pikepdf.String(words.get(target, target))
    for part in parts(printed):
        # A figure of HTML holds a picture with its description, and words: a group, and no picture itself.
        if part.get("/S") == "/Figure" and "/Alt" not in part:
            part.S = pikepdf.Name.Div
        if part.get("/S") == "/LI":
            _give_body(printed, part)
    # Younger than the standard, which knows neither.
    printed.Root.StructTreeRoot.RoleMap = pikepdf.Dictionary(Strong=pikepdf.Name.Span, Em=pikepdf.Name.Span)
    book = settings().book
    with printed.open_metadata(set_pikepdf_as_editor=False) as about:
        about["dc:title"] = book.title
        about["dc:creator"] = [book.authors]
        about["dc:description"] = book.description
        about["dc:language"] = {book.language}
        about["dc:rights"] = book.licences
        about["xmp:CreateDate"] = about["xmp:ModifyDate"] = f"{book.date}T00:00:00Z"
    printed.docinfo["/Author"] = book.authors


def state(printed: "pikepdf.Pdf") -> None:
    """Let a described PDF state that it keeps to PDF/UA-1: for one that its checker has passed."""
    with printed.open_metadata(set_pikepdf_as_editor=False) as about:
        about["pdfuaid:part"] = "1"


def decorated(content: bytes, tagged: Collection[bytes] = ()) -> bytes:
    """Mark what a page paints outside of every part, its foot and its lines, as decoration.

    Not so a drawing, by its name, in which text is ``tagged``: letters that let others through are one.
    """

    def marked(found: re.Match[bytes]) -> bytes:
        own = found[0].split()[0] in tagged
        return found[0] if own else b"/Artifact BMC\n" + found[0] + b"EMC\n"

    pieces, depth = _EDGES.split(content), 0
    for i, piece in enumerate(pieces):
        if i % 2:
            depth += -1 if piece == b"EMC\n" else 1
        elif not depth:
            pieces[i] = _PAINTS.sub(marked, piece)
    return b"".join(pieces)


def _give_body(printed: "pikepdf.Pdf", item: Any) -> None:
    """Put what a list's item says, all but its mark, into a body."""
    import pikepdf

    below = list(item.K) if isinstance(item.K, pikepdf.Array) else [item.K]
    mark = [part for part in below if isinstance(part, pikepdf.Dictionary) and part.get("/S") == "/Lbl"]
    said = [part for part in below if part not in mark]
    name = pikepdf.Name
    body = pikepdf.Dictionary(Type=name.StructElem, S=name.LBody, P=item, K=pikepdf.Array(said))
    item.K = pikepdf.Array([*mark, printed.make_indirect(body)])
    for part in said:
        if isinstance(part, pikepdf.Dictionary):
            part.P = item.K[-1]


def parts(printed: "pikepdf.Pdf") -> Iterator[Any]:
    """Yield every part of a PDF's structure."""
    import pikepdf

    waiting: list[Any] = [printed.Root.StructTreeRoot]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Dictionary):
            yield part
            below = part.get("/K")
            waiting += list(below) if isinstance(below, pikepdf.Array) else [below]
