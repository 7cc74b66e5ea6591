"""What belongs to a release, in ``_build/release``: editions, data, what they are made with."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from helpers.files import BookError
from helpers.make import crate
from helpers.make.build import BUILD
from helpers.make.editions import anew
from helpers.make.forge import NOTES, RELEASE
from helpers.make.site import DECKS, DIGESTS, FOLDER

MATERIALS = "materials.cdx.json"


def make(notes: str, materials: Callable[[Path], None]) -> Path:
    """Put a release together beside the last one, and return its folder.

    ``notes`` are what is said of it; ``materials`` writes the bill of materials into a file.

    Raises
    ------
    BookError
        If the site was not made.
    """
    site = BUILD / "site"
    if not (site / FOLDER / DIGESTS).is_file():
        raise BookError(f"{site / FOLDER}: expected the editions, found none; run `site` first")
    with anew(RELEASE) as made:
        shutil.copytree(site / FOLDER, made, ignore=shutil.ignore_patterns("index.html", DIGESTS, DECKS))
        materials(made / MATERIALS)
        (made / crate.NAME).write_bytes(crate.describe(sorted(made.iterdir()), Path("data")))
        lines = (
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
            for path in sorted(made.iterdir())
        )
        (made / DIGESTS).write_text("".join(lines), encoding="utf-8")
        (made / NOTES).write_text(f"{notes}\n", encoding="utf-8")
    return RELEASE
