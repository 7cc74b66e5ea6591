"""What a release says of itself where it is deposited: an RO-Crate's ``ro-crate-metadata.json``."""

import hashlib
import json
import mimetypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from helpers.settings import address, settings

NAME = "ro-crate-metadata.json"
_CRATE = "https://w3id.org/ro/crate/1.1"
#: Kinds of files that not every machine knows.
_KINDS = {".sqlite": "application/vnd.sqlite3", ".whl": "application/zip", ".epub": "application/epub+zip"}


def describe(files: Sequence[Path], data: Path) -> bytes:
    """Return the description of a release's files; the licence is that of the data package in ``data``."""
    book = settings().book
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    licence = package["licenses"][0]
    whole = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{book.title}: {book.subtitle}",
        "description": book.description,
        "datePublished": book.date.isoformat(),
        "version": book.version,
        "author": {"@id": "#authors"},
        "license": {"@id": licence["path"]},
        "hasPart": [{"@id": path.name} for path in files],
        **({"url": address()} if address() else {}),
    }
    about = {
        "@id": NAME,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _CRATE},
        "about": {"@id": "./"},
    }
    authors = {"@id": "#authors", "@type": "Organization", "name": book.authors}
    terms = {"@id": licence["path"], "@type": "CreativeWork", "name": licence["title"]}
    graph = [about, whole, authors, terms, *map(_file, files)]
    text = json.dumps({"@context": f"{_CRATE}/context", "@graph": graph}, ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


def _file(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    kind = _KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return {
        "@id": path.name,
        "@type": "File",
        "name": path.name,
        "encodingFormat": kind,
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
