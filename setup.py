"""What pyproject.toml cannot say: the version and what else is the book's, which travels inside the wheel."""

import json
import shutil
import tomllib
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithBook(build_py):
    """Copy beside the modules what they read of the book, where it stands in a book's folder."""

    def run(self) -> None:
        """Build; an editable install reads the book where it is."""
        super().run()
        if not self.editable_mode:
            inside = Path(self.build_lib) / "helpers"
            package = json.loads(Path("data/datapackage.json").read_text(encoding="utf-8"))
            listed = ("datapackage.json", *(resource["path"] for resource in package["resources"]))
            data = [Path("data") / name for name in listed]
            for file in (Path("book.toml"), *data, *Path().glob("book/*/answers.json")):
                (inside / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, inside / file)


book = tomllib.loads(Path("book.toml").read_text(encoding="utf-8"))["book"]
setup(version=book["version"], cmdclass={"build_py": BuildWithBook})
