"""What a PDF says to those who do not see it, and Chromium leaves out: of links, of pictures, of itself."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from helpers.settings import settings

if TYPE_CHECKING:
    import pikepdf


def describe(printed: "pikepdf.Pdf", words: Mapping[str, str]) -> None:
    """Give a tagged PDF what its standard for access, PDF/UA, asks of links, pictures and metadata.

    Parameters
    ----------
    printed
        The file, which is changed.
    words
        For each place or address that links lead to, what they say.
    """
    import pikepdf  # only this edition needs it

    for page in printed.pages:
        for mark in page.get("/Annots", []):
            if mark.Subtype == "/Link":
                target = str(mark.Dest)[1:] if "/Dest" in mark else str(mark.A.URI)
                mark.Contents = pikepdf.String(words.get(target, target))
    for part in parts(printed):
        # A figure of HTML holds a picture with its description, and words: a group, and no picture itself.
        if part.get("/S") == "/Figure" and "/Alt" not in part:
            part.S = pikepdf.Name.Div
    book = settings().book
    with printed.open_metadata(set_pikepdf_as_editor=False) as about:
        about["dc:title"] = book.title
        about["dc:creator"] = [book.authors]
        about["dc:description"] = book.description
        about["dc:language"] = {book.language}
        about["dc:rights"] = book.licences
        about["xmp:CreateDate"] = about["xmp:ModifyDate"] = f"{book.date}T00:00:00Z"
    printed.docinfo["/Author"] = book.authors


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
