"""New vintages, fetched: for each table whose builder names its publisher's file, the file as it is today."""

from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

from helpers.files import BookError
from helpers.new import refresh


def renew(folder: Path, fetched: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each table that was fetched or should have been, with what moved or what went wrong.

    Parameters
    ----------
    folder
        The folder of the data package, whose ``builders`` may have an address each, ``FILE``.
    fetched
        Where the files are kept, each under its table's name.
    """
    for path in sorted((folder / "builders").glob("*.py")):
        if address := refresh.address(path.stem, folder):
            try:
                file = _fetch(address, fetched / path.stem)
                yield path.stem, refresh.refresh(path.stem, file, folder)
            except BookError as error:  # a layout that has changed is for a person, the other tables are not
                yield path.stem, [f"not refreshed: {line}" for line in str(error).splitlines()]


def _fetch(address: str, to: Path) -> Path:
    """Return a file fetched from an address.

    Raises
    ------
    BookError
        If it is no address of the web, or nobody answers there, or not with the whole file.
    """
    if not address.startswith("https://"):
        raise BookError(f"{address}: expected an address that begins with https://")
    try:
        with urlopen(address, timeout=60) as answer:  # noqa: S310 - held to https above
            content = answer.read()
    except (HTTPException, OSError) as error:
        raise BookError(f"{address}: {' '.join(str(error).split())}") from error
    to.mkdir(parents=True, exist_ok=True)
    file = to / address.rpartition("/")[2]
    file.write_bytes(content)
    return file


def report(moved: dict[str, list[str]], read_again: list[str]) -> str:
    """Return what a reviewer is told: what has moved table by table, then what is to be read again."""
    parts = [
        "New vintages, fetched from the publishers. Numbers in linked sentences follow by `check --fix`."
    ]
    for table, lines in moved.items():
        parts.append(f"## {table}\n\n" + "\n".join(f"- {line}" for line in lines or ["no cell has moved"]))
    if read_again:
        parts.append("## To be read again\n\n" + "\n".join(f"- {line}" for line in read_again))
    return "\n\n".join(parts) + "\n"
