"""Files that go into the data package together, or not at all."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from helpers.chapter import data, package
from helpers.files import write_whole


def put(files: dict[Path, str], folder: Path) -> None:
    """Write files into a data package, all or none, once the loader has read the tables in a copy of it.

    Raises
    ------
    BookError
        If a table or a descriptor is not as the package wants it; nothing is written then.
    """
    with TemporaryDirectory() as work:
        trial = Path(work) / folder.name
        shutil.copytree(folder, trial)
        for path, text in files.items():
            write_whole(trial / path.name, text.encode())
        package.make(trial)
        for path in files:
            if path.suffix == ".csv":
                data.load(path.stem, trial)
    before = {path: path.read_bytes() if path.exists() else None for path in files}
    try:
        for path, text in files.items():
            write_whole(path, text.encode())
        package.make(folder)
    except BaseException:
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                write_whole(path, content)
        raise
